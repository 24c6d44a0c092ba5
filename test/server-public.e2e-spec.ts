import request from 'supertest';
import { EnhancedCacheService } from 'nestjs-enhanced-cache';
import { HTTP_ADAPTERS, type RunningServer, startTestServer } from './support/server.js';

const API = '/api/v1/enhanced-cache';

describe.each(HTTP_ADAPTERS)('the server on %s', (adapter) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startTestServer(adapter, { CACHE_MAX_SIZE: '77', CACHE_EVICTION_POLICY: 'lru' });
  });
  afterAll(() => server.app.close());

  it('hands the cache the options of its environment', async () => {
    const { body } = await request(server.url)
      .get(`${API}/stats`)
      .set('Authorization', `Bearer ${server.token('cache:read')}`)
      .expect(200);
    expect(body).toMatchObject({ max_size: 77, eviction_policy: 'lru' });
  });

  it('asks for a token on the routes of the API, and for none on the probe', async () => {
    await request(server.url).get(`${API}/stats`).expect(401);
    await request(server.url).get('/health').expect(200);
  });

  it('tells a load balancer that it is well and nothing else', async () => {
    const { body, headers } = await request(server.url).get('/health').expect(200);
    expect(body).toEqual({ status: 'ok' });
    expect(headers['cache-control']).toContain('no-store');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('serves the documents from itself alone', async () => {
    const page = await request(server.url).get('/docs').expect(200);
    const script = await request(server.url).get('/docs/swagger-ui-init.js').expect(200);
    expect(page.text).not.toMatch(/(?:src|href)="https?:/);
    expect(script.text).toMatch(/"validatorUrl": null/);
  });

  it('describes the API, the probe and the demo in one OpenAPI document', async () => {
    const { body } = await request(server.url).get('/docs-json').expect(200);
    const documented = Object.keys(body.paths);
    for (const path of [
      `${API}/stats`,
      '/health',
      '/cities/{id}',
      '/cities/{id}/nearby',
      '/countries/{code}/statistics',
    ]) {
      expect(documented).toContain(path);
    }
    expect(Object.keys(body.paths['/cities/{id}'])).toEqual(['get', 'patch']);
    expect(Object.keys(body.paths['/cities/{id}'].patch.responses)).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404']),
    );
  });

  it('refuses a body that is larger than the limit', async () => {
    const small = await startTestServer(adapter, { HTTP_BODY_LIMIT_MB: '0.01' });
    try {
      await request(small.url)
        .post(`${API}/set`)
        .set('Authorization', `Bearer ${small.token('cache:write')}`)
        .send({ key: 'big', value: 'x'.repeat(20_000) })
        .expect(413);
    } finally {
      await small.app.close();
    }
  });
});

describe.each(HTTP_ADAPTERS)('an unhealthy server on %s', (adapter) => {
  it('answers the probe with 503, and without the reasons', async () => {
    const server = await startTestServer(adapter);
    try {
      await server.app.get(EnhancedCacheService).close();
      const { body } = await request(server.url).get('/health').expect(503);
      expect(body).toEqual({ status: 'error' });
    } finally {
      await server.app.close();
    }
  });
});
