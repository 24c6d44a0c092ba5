import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCES = resolve(dirname(fileURLToPath(import.meta.url)), '../src');

/** What is loaded with an entry point: rooms of the library, and packages from outside. */
function loadedWith(entry: string): { rooms: Set<string>; packages: Set<string> } {
  const rooms = new Set<string>();
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const room = file.slice(SOURCES.length + 1).split('/');
    if (room.length > 1) rooms.add(room[0]);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) visit(join(dirname(file), name.replace(/\.js$/, '.ts')));
      else if (!name.startsWith('node:'))
        packages.add(name.startsWith('@') ? name.split('/', 2).join('/') : name.split('/')[0]);
    }
  };
  visit(join(SOURCES, entry));
  return { rooms, packages };
}

/** Imports that are there at run time: what is only a type is gone by then. */
function importsOf(file: string): string[] {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      verbatimModuleSyntax: true,
    },
  });
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName);
}

describe('entry points', () => {
  it.each([
    ['core.ts', ['engine', 'keyv'], ['fflate']],
    ['redis.ts', ['engine', 'redis'], ['fflate', 'redis']],
    // Redis is loaded when an app has the option of that name, and not before.
    ['lean.ts', ['engine', 'http', 'nest', 'redis'], ['@nestjs/common', '@nestjs/core', 'fflate', 'redis', 'rxjs']],
    [
      'cache-manager.ts',
      ['engine', 'http', 'nest', 'redis', 'keyv', 'cache-manager'],
      // Keyv is loaded when an app gives a storage adapter, and not before.
      ['@nestjs/common', '@nestjs/core', 'fflate', 'keyv', 'redis', 'rxjs'],
    ],
    ['testing.ts', ['engine', 'http', 'nest', 'redis'], ['@nestjs/common', '@nestjs/core', 'fflate', 'redis', 'rxjs']],
    [
      'index.ts',
      ['engine', 'http', 'nest', 'redis', 'rest'],
      [
        '@nestjs/common',
        '@nestjs/core',
        '@nestjs/passport',
        '@nestjs/swagger',
        '@nestjs/terminus',
        'class-transformer',
        'class-validator',
        'fflate',
        'passport',
        'passport-jwt',
        'redis',
        'rxjs',
      ],
    ],
  ])('%s loads no room and no package but its own', (entry, rooms, packages) => {
    const loaded = loadedWith(entry);
    expect([...loaded.rooms].sort().filter((room) => !rooms.includes(room))).toEqual([]);
    expect([...loaded.packages].sort().filter((name) => !packages.includes(name))).toEqual([]);
    expect(loaded.rooms.has('engine')).toBe(true);
  });

  it.each(['index', 'lean', 'cache-manager'])(
    '%s.ts holds a tick before it does anything else, bundled or not',
    (entry) => {
      expect(importsOf(join(SOURCES, `${entry}.ts`))[0]).toBe('./nest/held-tick.js');
      const manifest = readFileSync(join(SOURCES, '../package.json'), 'utf8');
      const { sideEffects } = JSON.parse(manifest) as { sideEffects: string[] };
      const files = [`${entry}.js`, 'nest/held-tick.js'].flatMap((file) => [`./dist/${file}`, `./dist/cjs/${file}`]);
      expect(sideEffects).toEqual(expect.arrayContaining(files));
    },
  );
});
