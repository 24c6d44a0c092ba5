import { RequestMethod } from '@nestjs/common';
import * as core from 'nestjs-enhanced-cache/core';
import { EnhancedCacheModule } from 'nestjs-enhanced-cache/lean';
import { OPTION_NAMES, resolveOptions } from '../libs/enhanced-cache/src/engine/options/resolve-options.js';
import { configurationOf } from '../libs/enhanced-cache/src/engine/options/reconfigurer.js';
import { REQUIRED_SCOPE } from '../libs/enhanced-cache/src/rest/auth/require-scope.decorator.js';
import { createCacheControllers } from '../libs/enhanced-cache/src/rest/controllers/create-cache-controllers.js';
import { readDocument, tableUnder } from './support/documents.js';

/** Options that shape the Nest module; the engine does not know them. */
const MODULE_OPTIONS = ['controller', 'isGlobal', 'redis'];
const PAGES = ['README.md', 'libs/enhanced-cache/README.md'];

/** Text in the first backticks of a cell. */
function codeIn(cell: string): string | undefined {
  return /`([^`]*)`/.exec(cell)?.[1];
}

function valueIn(cell: string): unknown {
  const code = codeIn(cell);
  return code === undefined ? undefined : JSON.parse(code.replaceAll("'", '"'));
}

describe.each(PAGES)('the options table of %s', (page) => {
  const rows = tableUnder(readDocument(page), '## Options');
  const defaults = new Map(rows.map(([name, , value]) => [codeIn(name), value]));

  it('names every option once, and none that there is not', () => {
    expect(rows.map(([name]) => codeIn(name)).sort()).toEqual([...OPTION_NAMES, ...MODULE_OPTIONS].sort());
  });

  it.each(Object.entries(configurationOf(resolveOptions())))('gives the default of %s as it is', (name, value) => {
    expect(valueIn(defaults.get(name)!)).toEqual(value);
  });

  it('gives the defaults of what cannot be read from a running cache', () => {
    const { classInstances } = resolveOptions();
    expect(valueIn(defaults.get('classInstances')!)).toBe(classInstances);
    expect(valueIn(defaults.get('types')!)).toEqual(resolveOptions().types);
    expect(valueIn(defaults.get('isGlobal')!)).toBe(EnhancedCacheModule.forRoot().global);
  });
});

describe('the figures in the monitoring page', () => {
  const page = readDocument('docs/guide/monitoring.md');
  const cache = new core.EnhancedCache();
  const wireName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const namesUnder = (heading: string): (string | undefined)[] =>
    tableUnder(page, heading)
      .map(([name]) => codeIn(name))
      .sort();
  const wireNames = (report: object): string[] => Object.keys(report).map(wireName).sort();

  afterAll(() => cache.close());

  it('are those of the statistics', () => {
    expect(namesUnder('## Statistics')).toEqual(wireNames(cache.getStats()));
  });

  it('are those of the memory report', () => {
    expect(namesUnder('## Memory')).toEqual(wireNames(cache.getMemoryUsage()));
  });

  it('are those of the analytics', () => {
    expect(namesUnder('## Analytics')).toEqual(wireNames(cache.getAnalytics()));
  });

  it('are the checks of the health report', async () => {
    const { checks } = await cache.healthCheck();
    expect(namesUnder('## Health')).toEqual(wireNames(checks));
  });
});

describe('the tables of the README', () => {
  const readme = readDocument('README.md');

  it('name every route of the REST API with its scope', () => {
    const rows = tableUnder(readme, '## REST API').map(([route, scope]) => `${codeIn(route)} ${codeIn(scope)}`);
    expect(rows.sort()).toEqual(routesOfTheApi().sort());
  });

  it('name every class of error', () => {
    const classes = Object.keys(core).filter((name) => name.endsWith('Error') && name !== 'CacheError');
    expect(
      tableUnder(readme, '## Errors')
        .map(([, name]) => codeIn(name))
        .sort(),
    ).toEqual(classes.sort());
  });

  it.each(tableUnder(readme, '## The service'))('name methods that there are: %s', (signatures) => {
    for (const [, name] of signatures.matchAll(/`(\w+)\(/g)) expect(core.EnhancedCache.prototype).toHaveProperty(name);
  });
});

/** As the table writes them: `GET /get/{key} cache:read`. An export without values needs the narrower of its scopes. */
function routesOfTheApi(): string[] {
  const { classes } = createCacheControllers('', true);
  return classes.flatMap(({ prototype }) => {
    const methods = Object.getOwnPropertyNames(prototype)
      .filter((name) => name !== 'constructor')
      .map((name) => prototype[name] as object);
    return methods.flatMap((method) => {
      const path = Reflect.getMetadata('path', method) as string | undefined;
      if (path === undefined) return [];
      const scope = Reflect.getMetadata(REQUIRED_SCOPE, method) as string | ((request: object) => string);
      const verb = RequestMethod[Reflect.getMetadata('method', method) as number];
      return [`${verb} /${path.replace(/:(\w+)/g, '{$1}')} ${typeof scope === 'function' ? scope({}) : scope}`];
    });
  });
}
