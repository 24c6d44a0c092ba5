import { jest } from '@jest/globals';
import request from 'supertest';
import { CatalogRepository } from '../src/catalog/catalog.repository.js';
import { HTTP_ADAPTERS, type RunningServer, startTestServer } from './support/server.js';

const VIENNA = 2761369;
const GRAZ = 2778067;
const BERLIN = 2950159;

describe.each(HTTP_ADAPTERS)('the demo catalogue on %s', (adapter) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startTestServer(adapter);
  });
  afterAll(() => server.app.close());

  const get = (path: string) => request(server.url).get(path);
  const cacheHeader = async (path: string): Promise<string> => (await get(path).expect(200)).headers['x-cache'];
  const patch = (path: string, scope = 'cache:write') =>
    request(server.url)
      .patch(path)
      .set('Authorization', `Bearer ${server.token(scope)}`);

  it.each([
    `/cities/${VIENNA}`,
    `/cities/${VIENNA}/nearby?radius=60&limit=3`,
    `/cities/${VIENNA}/nearby?radius=250&limit=1&sort=population`,
    '/cities?search=burg&country=AT&limit=3',
  ])('answers %s from the cache the second time, word for word', async (path) => {
    const first = await get(path).expect(200);
    const second = await get(path).expect(200);
    expect([first.headers['x-cache'], second.headers['x-cache']]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe(first.text);
  });

  it('answers a caller with a token from the entry of all others: the data are public', async () => {
    await get(`/cities/${GRAZ}`);
    const answer = await get(`/cities/${GRAZ}`).set('Authorization', `Bearer ${server.token('cache:read')}`);
    expect(answer.headers['x-cache']).toBe('HIT');
  });

  it('asks the database once for the figures of a country, in whichever case its code is written', async () => {
    const statistics = jest.spyOn(server.app.get(CatalogRepository), 'statistics');
    const answers = [await get('/countries/CH/statistics').expect(200), await get('/countries/ch/statistics')];
    expect(answers[1].body).toEqual(answers[0].body);
    expect(answers[0].body).toMatchObject({ country: 'CH', largest: { length: 5 } });
    expect(statistics).toHaveBeenCalledTimes(1);
    statistics.mockRestore();
  });

  it('shows a write at once, in every answer that it touches', async () => {
    const paths = [`/cities/${VIENNA}`, `/cities/${GRAZ}/nearby?radius=200&sort=population`, '/cities?search=vienna'];
    for (const path of paths) await get(path).expect(200);
    const before = await get('/countries/AT/statistics').expect(200);

    const changed = await patch(`/cities/${VIENNA}`).send({ population: 2_005_760 }).expect(200);
    expect(changed.body).toMatchObject({ id: VIENNA, name: 'Vienna', population: 2_005_760 });

    for (const path of paths) {
      const answer = await get(path).expect(200);
      expect(answer.headers['x-cache']).toBe('MISS');
      expect(JSON.stringify(answer.body)).toContain('2005760');
    }
    const after = await get('/countries/AT/statistics').expect(200);
    expect(after.body.population - before.body.population).toBe(2_005_760 - 1_691_468);
  });

  it('leaves the entries of other cities and other countries alone when one city changes', async () => {
    await get(`/cities/${BERLIN}`);
    await get('/countries/DE/statistics');
    const statistics = jest.spyOn(server.app.get(CatalogRepository), 'statistics');
    await patch(`/cities/${VIENNA}`).send({ name: 'Wien' }).expect(200);
    expect(await cacheHeader(`/cities/${BERLIN}`)).toBe('HIT');
    await get('/countries/DE/statistics').expect(200);
    expect(statistics).not.toHaveBeenCalled();
    statistics.mockRestore();
  });

  it('keeps what it has when a write is refused', async () => {
    await get(`/cities/${GRAZ}`);
    await request(server.url).patch(`/cities/${GRAZ}`).send({ name: 'X' }).expect(401);
    await patch(`/cities/${GRAZ}`, 'cache:read').send({ name: 'X' }).expect(403);
    await patch(`/cities/${GRAZ}`).send({}).expect(400);
    expect(await cacheHeader(`/cities/${GRAZ}`)).toBe('HIT');
    expect((await get(`/cities/${GRAZ}`)).body.name).toBe('Graz');
  });

  it.each([
    ['/cities', 'search'],
    ['/cities?search=x', 'search'],
    ['/cities?search=burg&country=AUT', 'country'],
    ['/cities?search=burg&limit=0', 'limit'],
    ['/cities?search=burg&limit=101', 'limit'],
    ['/cities?search=burg&order=name', 'order'],
    ['/cities/vienna', 'id'],
    ['/cities/02761369', 'id'],
    [`/cities/${VIENNA}/nearby?radius=0`, 'radius'],
    [`/cities/${VIENNA}/nearby?radius=far`, 'radius'],
    [`/cities/${VIENNA}/nearby?sort=name`, 'sort'],
    ['/countries/AUT/statistics', 'code'],
  ])('refuses %s with a 400 that names %s', async (path, field) => {
    const { body } = await get(path).expect(400);
    expect(JSON.stringify(body.message)).toContain(field);
  });

  it.each([
    [{ population: -1 }, 'population'],
    [{ population: 1.5 }, 'population'],
    [{ population: null }, 'population'],
    [{ name: '' }, 'name'],
    [{ country: 'DE' }, 'country'],
    [{}, 'body'],
  ])('refuses to change a city by %j with a 400 that names %s', async (changes, field) => {
    const { body } = await patch(`/cities/${BERLIN}`).send(changes).expect(400);
    expect(JSON.stringify(body.message)).toContain(field);
  });

  it('answers 404 for what does not exist, each time anew', async () => {
    for (const path of ['/cities/1', '/cities/1/nearby', '/countries/XX/statistics', '/cities/1']) {
      const { headers } = await get(path).expect(404);
      expect(headers['x-cache']).not.toBe('HIT');
    }
    await patch('/cities/1').send({ name: 'Nowhere' }).expect(404);
  });
});
