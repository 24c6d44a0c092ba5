import { Body, ConflictException, Controller, Delete, Get, Inject, Injectable, Param, Post, Put } from '@nestjs/common';
import { Cacheable, CacheEvict, CachePut, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';

interface City {
  id: string;
  name: string;
}

@Injectable()
class Cities {
  readonly byId = new Map<string, City>([['1', { id: '1', name: 'Ulm' }]]);
  reads = 0;
}

@Controller('cities')
class CitiesController {
  constructor(@Inject(Cities) private readonly cities: Cities) {}

  @Get(':id')
  @Cacheable({ key: 'city:{id}', tags: ['city:{id}', 'cities'], ttl: '5m' })
  async find(@Param('id') id: string) {
    this.cities.reads++;
    return { ...this.cities.byId.get(id) };
  }

  @Post()
  @CacheEvict({ tags: ['city:{result.id}'] })
  async save(@Body() city: City) {
    if (city.name === 'taken') throw new ConflictException();
    this.cities.byId.set(city.id, city);
    return city;
  }

  @Post(':id/touch')
  @CacheEvict({ keys: ['city:{id}'], before: true })
  async touch(@Param('id') _id: string): Promise<void> {
    throw new ConflictException();
  }

  @Put(':id')
  @CachePut({ key: 'city:{id}', tags: ['city:{id}'] })
  async replace(@Param('id') id: string, @Body() city: City) {
    this.cities.byId.set(id, { ...city, id });
    return { ...city, id };
  }

  @Delete(':id')
  @CacheEvict({ keys: ['city:{id}'], condition: (id: string) => id !== 'kept' })
  async remove(@Param('id') id: string) {
    return { removed: this.cities.byId.delete(id) };
  }

  @Delete()
  @CacheEvict({ all: true })
  async removeAll() {
    this.cities.byId.clear();
    return {};
  }
}

describe.each(PLATFORMS)('@CacheEvict and @CachePut on %s', (platform) => {
  let target: TestApp;
  let cities: Cities;

  beforeEach(async () => {
    const metadata = { imports: [EnhancedCacheModule.forRoot()], controllers: [CitiesController], providers: [Cities] };
    target = await startApp(platform, metadata);
    cities = target.app.get(Cities);
  });
  afterEach(() => target.close());

  const find = (id = '1', user?: string) =>
    target
      .http()
      .get(`/cities/${id}`)
      .set(user ? { authorization: user } : {});
  const outcome = async (id?: string, user?: string) => (await find(id, user)).headers['x-cache'];

  it('evicts by a tag from the result after a POST that succeeded', async () => {
    await find();
    await target.http().post('/cities').send({ id: '1', name: 'Neu-Ulm' }).expect(201);
    const fresh = await find();
    expect([fresh.headers['x-cache'], fresh.body.name]).toEqual(['MISS', 'Neu-Ulm']);
  });

  it('evicts nothing after a POST that failed', async () => {
    await find();
    await target.http().post('/cities').send({ id: '1', name: 'taken' }).expect(409);
    expect(await outcome()).toBe('HIT');
  });

  it('evicts before the handler where told so, even if that fails', async () => {
    await find();
    await target.http().post('/cities/1/touch').expect(409);
    expect(await outcome()).toBe('MISS');
  });

  it('evicts by key what every user has under it', async () => {
    await find();
    await find('1', 'alice');
    await target.http().delete('/cities/1').set('authorization', 'admin').expect(200);
    expect([await outcome(), await outcome('1', 'alice')]).toEqual(['MISS', 'MISS']);
  });

  it('does nothing where the condition does not hold', async () => {
    await find('kept');
    await target.http().delete('/cities/kept').expect(200);
    expect(await outcome('kept')).toBe('HIT');
  });

  it('clears the whole cache', async () => {
    await find('1');
    await find('2');
    await target.http().delete('/cities').expect(200);
    expect(target.app.get(EnhancedCacheService).getStats().entryCount).toBe(0);
  });

  it('writes what a PUT returns for those who GET', async () => {
    await find();
    await target.http().put('/cities/1').send({ name: 'Senden' }).expect(200);
    const read = await find().expect(200);
    expect([read.headers['x-cache'], read.body]).toEqual(['HIT', { id: '1', name: 'Senden' }]);
    expect(cities.reads).toBe(1);
  });

  it('leaves no stale entry of another user behind a PUT', async () => {
    await find('1', 'alice');
    await target.http().put('/cities/1').send({ name: 'Senden' }).expect(200);
    expect((await find('1', 'alice')).body.name).toBe('Senden');
  });
});
