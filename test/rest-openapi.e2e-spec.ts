import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeEnhancedCacheApi, EnhancedCacheModule } from 'nestjs-enhanced-cache';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, SECRET, startRestApp, startRestModule } from './support/rest-api.js';

/** Every route with the statuses that its description names. */
const ROUTES: Readonly<Record<string, readonly number[]>> = {
  'get /stats': [200, 401, 403],
  'get /analytics': [200, 401, 403],
  'get /memory': [200, 401, 403],
  'get /health': [200, 401, 403, 503],
  'post /set': [200, 400, 401, 403, 413, 503],
  'get /get/{key}': [200, 400, 401, 403, 404],
  'get /get': [200, 400, 401, 403, 404],
  'delete /delete/{key}': [200, 400, 401, 403],
  'delete /delete': [200, 400, 401, 403],
  'delete /delete-by-tags': [200, 400, 401, 403],
  'post /clear': [200, 400, 401, 403],
  'post /benchmark': [200, 400, 401, 403, 409, 503],
  'post /warm-up': [200, 400, 401, 403, 413, 503],
  'get /export': [200, 400, 401, 403],
  'post /import': [200, 400, 401, 403, 413, 415, 503],
  'post /configure': [200, 400, 401, 403],
  'get /entries/by-tag/{tag}': [200, 400, 401, 403],
  'get /entries': [200, 400, 401, 403],
};

const documentOf = (rest: RestApp): OpenAPIObject =>
  SwaggerModule.createDocument(rest.app, describeEnhancedCacheApi(new DocumentBuilder()).build());

/** The operations of a document: `get /stats` -> its description. */
function operationsOf(document: OpenAPIObject): Map<string, any> {
  return new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, any] => [
        `${method} ${path.replace(API, '')}`,
        operation,
      ]),
    ),
  );
}

describe.each(PLATFORMS)('the OpenAPI document on %s', (platform) => {
  let rest: RestApp;
  let document: OpenAPIObject;
  let operations: Map<string, any>;

  beforeAll(async () => {
    rest = await startRestApp(platform);
    document = documentOf(rest);
    operations = operationsOf(document);
  });
  afterAll(() => rest.close());

  it('has every route and no other', () => {
    expect([...operations.keys()].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(Object.entries(ROUTES))('describes %s with an example for each status', (route, statuses) => {
    const { summary, responses, security, tags, operationId } = operations.get(route);
    expect(summary).not.toBe('');
    expect(operationId).toMatch(/Cache/);
    expect(tags).toEqual(['Enhanced cache']);
    expect(security).toEqual([{ bearer: [] }]);
    expect(Object.keys(responses).map(Number)).toEqual([...statuses].sort((a, b) => a - b));
    for (const [status, { description, content }] of Object.entries<any>(responses)) {
      expect(description).not.toBe('');
      const { example, required } = content['application/json'].schema;
      expect(Object.keys(example)).toEqual(expect.arrayContaining(required));
      if (status !== '200' && 'statusCode' in example) expect(example.statusCode).toBe(Number(status));
    }
  });

  it('gives each operation a name of its own', () => {
    const names = [...operations.values()].map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('describes the parameters of queries and paths, each once and with an example', () => {
    const namesOf = (route: string) =>
      (operations.get(route).parameters ?? []).map((each: any) => `${each.in} ${each.name}`);
    expect(namesOf('get /get/{key}')).toEqual(['path key']);
    expect(namesOf('get /get')).toEqual(['query key']);
    expect(namesOf('get /entries')).toEqual(['query prefix', 'query tag', 'query cursor', 'query limit']);
    expect(namesOf('get /export')).toEqual(['query values', 'query format']);
    expect(namesOf('delete /delete-by-tags')).toEqual(['query tags', 'query match']);
    expect(namesOf('get /stats')).toEqual([]);
    for (const { parameters = [] } of operations.values()) {
      for (const { example, schema } of parameters) expect(example ?? schema.example).toBeDefined();
    }
  });

  it('describes the bodies, and every schema that they refer to is there', () => {
    const bodies = [...operations].filter(([, { requestBody }]) => requestBody).map(([route]) => route);
    expect(bodies.sort()).toEqual([
      'delete /delete-by-tags',
      'post /benchmark',
      'post /configure',
      'post /import',
      'post /set',
      'post /warm-up',
    ]);
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(expect.arrayContaining(referred));
    expect(Object.keys((document.components?.schemas as any).EntryDto.properties)).toEqual([
      'key',
      'value',
      'ttl',
      'tags',
      'priority',
      'cost',
      'metadata',
    ]);
  });

  it('declares the scheme of the token', () => {
    expect(document.components?.securitySchemes?.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(document.tags?.map(({ name }) => name)).toEqual(['Enhanced cache']);
  });

  it.each(['stats', 'analytics', 'memory', 'health', 'export', 'entries'])(
    'promises for /%s exactly the fields that are answered',
    async (name) => {
      await rest.cache.set('a', 1);
      const { body } = await rest.call('GET', `${API}/${name}`);
      const { properties } = operations.get(`get /${name}`).responses['200'].content['application/json'].schema;
      expect(Object.keys(body).sort()).toEqual(Object.keys(properties).sort());
    },
  );

  it('answers examples that the routes take', async () => {
    for (const route of ['post /benchmark', 'post /configure', 'post /set', 'delete /delete-by-tags']) {
      const [method, path] = route.split(' ');
      const { $ref } = operations.get(route).requestBody.content['application/json'].schema;
      const { properties } = (document.components?.schemas as any)[$ref.split('/').pop()];
      const body = Object.fromEntries(Object.entries<any>(properties).map(([name, { example }]) => [name, example]));
      const answer = await rest.call(method.toUpperCase(), `${API}${path}`, { body });
      expect([route, answer.status]).toEqual([route, 200]);
    }
  });

  it('speaks of no tokens where the API is open', async () => {
    const open = await startRestModule(platform, {
      imports: [EnhancedCacheModule.forRoot({ controller: { auth: false } })],
    });
    const stats = operationsOf(documentOf(open)).get('get /stats');
    expect(stats.security).toBeUndefined();
    expect(Object.keys(stats.responses)).toEqual(['200']);
    await open.close();
  });

  it('never holds the secret', () => {
    expect(JSON.stringify(document)).not.toContain(SECRET);
  });
});
