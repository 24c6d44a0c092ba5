import { Cacheable, EnhancedCacheModule, EnhancedCacheService, EvictionPolicy } from 'nestjs-enhanced-cache';
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { EnhancedCacheModule as LeanModule } from 'nestjs-enhanced-cache/lean';

export const modules = [
  EnhancedCacheModule.forRoot({ maxSize: 10, evictionPolicy: EvictionPolicy.LRU, controller: false }),
  LeanModule.forRoot({ defaultTtl: '5m' }),
];

export class Users {
  constructor(private readonly cache: EnhancedCacheService) {}

  @Cacheable({ ttl: '1m', tags: ['user:{0}'] })
  async find(id: number): Promise<string> {
    return (await this.cache.get<string>(`name:${id}`)) ?? 'nobody';
  }
}

export const name: Promise<string | undefined> = new EnhancedCache().get<string>('user:1');
// @ts-expect-error the declarations are there and hold: a policy that does not exist is refused
new EnhancedCache({ evictionPolicy: 'fifo' });
