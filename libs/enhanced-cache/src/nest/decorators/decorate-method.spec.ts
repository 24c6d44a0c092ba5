import { Get } from '@nestjs/common';
import { NestMetadata } from '../nest-metadata.js';
import { Cacheable } from './cacheable.decorator.js';
import { CacheEvict } from './cache-evict.decorator.js';
import { CachePut } from './cache-put.decorator.js';
import { rulesOf } from './rules.js';

describe('decorators on a method', () => {
  it('share one wrapper and one interceptor, and are told apart as rules', () => {
    class Cities {
      @CacheEvict({ all: true })
      @CachePut({ key: 'a' })
      @Cacheable({ cache: 'other' })
      @Cacheable(60, ['tag'])
      @Get()
      async find() {
        return 1;
      }
    }
    const method = Cities.prototype.find;
    expect(rulesOf(method)?.map((rule) => [rule.kind, rule.cache])).toEqual([
      ['cacheable', undefined],
      ['cacheable', 'other'],
      ['put', undefined],
      ['evict', undefined],
    ]);
    expect(Reflect.getMetadata(NestMetadata.INTERCEPTORS, method)).toHaveLength(1);
    expect(Reflect.getMetadata(NestMetadata.HTTP_PATH, method)).toBe('/');
  });

  it('refuse a second lookup in the same cache, which would wait for the first', () => {
    const declare = (): unknown => {
      class Cities {
        @Cacheable()
        @Cacheable('5m')
        async find() {
          return 1;
        }
      }
      return Cities;
    };
    expect(declare).toThrow('@Cacheable: expected one on a method for each cache, received "a second one"');
  });

  it('refuse static methods and accessors', () => {
    const decorate = Cacheable() as unknown as MethodDecorator;
    class Cities {
      static async find() {
        return 1;
      }
      get all() {
        return 1;
      }
    }
    const descriptorOf = (target: object, key: string) => Object.getOwnPropertyDescriptor(target, key)!;
    expect(() => decorate(Cities, 'find', descriptorOf(Cities, 'find'))).toThrow(
      '@Cacheable: expected to stand on an instance method',
    );
    expect(() => decorate(Cities.prototype, 'all', descriptorOf(Cities.prototype, 'all'))).toThrow('received "all"');
  });

  it('leave what other decorators put on a class without a cache as it was', async () => {
    class Cities {
      @CacheEvict({ tags: ['{missing}'] })
      async find(this: Cities | undefined, id: number) {
        return id;
      }
    }
    const { find } = Cities.prototype;
    await expect(find.call(undefined, 5)).resolves.toBe(5);
  });
});
