import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, Scope, SetMetadata } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Cacheable, CacheEvict, CachePut } from 'nestjs-enhanced-cache/lean';
import { of } from 'rxjs';

@Injectable()
export class Cities {
  runs = 0;

  @Cacheable()
  async find(id: unknown, _options?: object) {
    return { id, run: ++this.runs };
  }

  async findTwice(id: unknown) {
    return [await this.find(id), await this.find(id)];
  }

  @SetMetadata('before', 1)
  @Cacheable(60, ['city:{id}'])
  @SetMetadata('after', 2)
  async tagged(id: number, country = 'de') {
    return `${country}/${id}/${++this.runs}`;
  }

  @CachePut({ key: 'name:{id}', unless: (name: string) => name === '' })
  async rename(id: number, name: string) {
    return name && `${name} (${id})`;
  }

  @Cacheable({ key: 'name:{id}' })
  async name(id: number) {
    return `name ${id} ${++this.runs}`;
  }

  @CacheEvict({ tags: ['city:{0}'] })
  async remove(id: number) {
    if (id === 0) throw new Error('no such city');
    return id;
  }

  @CacheEvict({ keys: ['name:{missing}'] })
  async removeWrongly(_id: number) {
    return ++this.runs;
  }

  @Cacheable({ unless: (found: unknown) => found === 'none' })
  async search(word: string) {
    const run = ++this.runs;
    await wait(5);
    return word === 'x' ? 'none' : `${word} ${run}`;
  }

  @Cacheable({ condition: (id: number) => id > 0 })
  async positive(_id: number) {
    return ++this.runs;
  }

  @Cacheable({ key: 'nothing:{id.deep}' })
  async unresolved(_id: object) {
    return ++this.runs;
  }

  @Cacheable()
  async absent(_id: number): Promise<number | null | undefined> {
    this.runs++;
    return _id === 0 ? null : undefined;
  }

  @Cacheable()
  async failing(): Promise<number> {
    this.runs++;
    await wait(5);
    throw new Error(`failure ${this.runs}`);
  }

  @Cacheable()
  watch(): Promise<number> {
    this.runs++;
    return of(1, 2) as unknown as Promise<number>;
  }

  @Cacheable({ cache: 'sessions' })
  async session(id: string) {
    return `${id} ${++this.runs}`;
  }
}

@Injectable()
export class Towns extends Cities {
  @Cacheable()
  override async find(id: unknown) {
    return { ...(await super.find(id)), town: true };
  }
}

@Injectable()
export class Villages extends Cities {}

@Injectable({ scope: Scope.REQUEST })
export class PerRequest {
  static runs = 0;
  constructor(@Inject(REQUEST) readonly request: unknown) {}

  @Cacheable()
  async load(id: number) {
    return `${id} ${++PerRequest.runs}`;
  }
}
