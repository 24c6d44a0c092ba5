import { Controller, type ExecutionContext, Get, Next, Redirect, Render, Res, Sse, type Type } from '@nestjs/common';
import { Cacheable } from '../decorators/cacheable.decorator.js';
import { NoCache } from '../decorators/no-cache.decorator.js';
import { handlerFacts } from './handler-facts.js';

@Controller({ path: 'a', host: ':account.de' })
class Bound {
  @Get() @Cacheable() async plain() {
    return 1;
  }
  @Get() sends(@Res() _response: unknown) {}
  @Get() passes(@Res({ passthrough: true }) _response: unknown) {}
  @Get() goesOn(@Next() _next: unknown) {}
  @Get() @Redirect('/') redirects() {}
  @Get() @Render('view') renders() {}
  @Sse() events() {}
  @NoCache() @Get() optsOut() {}
  helper() {}
}

@NoCache()
@Controller('b')
class Off extends Bound {}

const facts = (type: Type<Bound>, method: keyof Bound) =>
  handlerFacts({ getClass: () => type, getHandler: () => type.prototype[method] } as unknown as ExecutionContext);

describe('handlerFacts', () => {
  it.each<[keyof Bound, string | undefined]>([
    ['plain', undefined],
    ['passes', undefined],
    ['sends', 'the handler sends the response itself'],
    ['goesOn', 'the handler sends the response itself'],
    ['redirects', undefined],
    ['renders', 'it is rendered by a template'],
  ])('%s: %s', (method, obstacle) => {
    const found = facts(Bound, method).obstacle;
    if (obstacle === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(obstacle);
  });

  it('knows handlers, event streams, hosts and rules', () => {
    expect(facts(Bound, 'plain')).toMatchObject({ isHandler: true, isEventStream: false, isHostBound: true });
    expect(facts(Bound, 'plain').rules).toHaveLength(1);
    expect(facts(Bound, 'events').isEventStream).toBe(true);
    expect(facts(Bound, 'helper').isHandler).toBe(false);
    expect(facts(Off, 'plain').isHostBound).toBe(false);
  });

  it('knows who opted out, a subclass apart from its base', () => {
    expect([facts(Bound, 'plain').optsOut, facts(Bound, 'optsOut').optsOut, facts(Off, 'plain').optsOut]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('knows where a redirect leads, what the handler returned before what its decorator says', () => {
    const { redirect } = facts(Bound, 'redirects');
    expect(redirect?.(undefined)).toEqual({ status: 302, location: '/' });
    expect(redirect?.({ url: '/new', statusCode: 308 })).toEqual({ status: 308, location: '/new' });
    expect(facts(Bound, 'plain').redirect).toBeUndefined();
  });

  it('is told once for a handler of a class', () => {
    expect(facts(Bound, 'plain')).toBe(facts(Bound, 'plain'));
    expect(facts(Off, 'plain')).not.toBe(facts(Bound, 'plain'));
  });
});
