import { returnedController, withoutController } from './enhanced-cache.options.js';

const auth = { secret: 'x'.repeat(32) };
const run = async (options: { useFactory?: (...args: never[]) => unknown }, ...args: unknown[]) =>
  (await options.useFactory?.(...(args as never[]))) as object;

describe('withoutController', () => {
  it('keeps what a factory returns for the controller apart from the options of the cache', async () => {
    const options = withoutController<[number]>({
      inject: ['SIZE'],
      isGlobal: false,
      useFactory: (maxSize) => ({ maxSize, controller: { auth } }),
    });
    expect(options).toMatchObject({ inject: ['SIZE'], isGlobal: false });
    const cacheOptions = await run(options, 5);
    expect(cacheOptions).toEqual({ maxSize: 5 });
    expect(returnedController(cacheOptions)).toEqual({ auth });
  });

  it('does so for each run anew', async () => {
    let runs = 0;
    const options = withoutController({ useFactory: () => ({ controller: { importLimitMb: ++runs } }) });
    const [first, second] = [await run(options), await run(options)];
    expect([returnedController(first), returnedController(second)]).toEqual([
      { importLimitMb: 1 },
      { importLimitMb: 2 },
    ]);
  });

  it('asks classes and existing providers', async () => {
    class Settings {
      createCacheOptions = async () => ({ maxSize: 7, controller: { auth } });
    }
    for (const options of [withoutController({ useClass: Settings }), withoutController({ useExisting: Settings })]) {
      expect(options.inject).toEqual([Settings]);
      expect(await run(options, new Settings())).toEqual({ maxSize: 7 });
    }
  });

  it.each<object>([{}, { useFactory: () => ({}), useExisting: 'X' }])(
    'hands on what cannot work as it is',
    (options) => {
      expect(withoutController(options)).toBe(options);
    },
  );

  it('hands on what a factory should not return', async () => {
    expect(await run(withoutController({ useFactory: () => undefined as never }))).toBeUndefined();
  });
});
