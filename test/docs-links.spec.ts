import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOCUMENTS, proseOf, readDocument, ROOT } from './support/documents.js';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** The anchor that Markdown viewers make of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): Set<string> {
  return new Set([...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading)));
}

/** Why each relative link of `text` leads nowhere. */
function brokenLinks(document: string, text: string): string[] {
  return [...proseOf(text).matchAll(LINK)].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path, anchor] = target.split('#');
    const file = path === '' ? document : join(dirname(document), path);
    if (!existsSync(join(ROOT, file))) return [`${target}: no such file`];
    if (anchor === undefined) return [];
    const linked = file === document ? text : readDocument(file);
    return anchorsOf(linked).has(anchor) ? [] : [`${target}: no such heading`];
  });
}

describe('links in the documents', () => {
  it.each(DOCUMENTS)('lead somewhere: %s', (document) => {
    expect(brokenLinks(document, readDocument(document))).toEqual([]);
  });

  it('are reported where the file or the heading is not there', () => {
    const text = '# Here\n\n[a](#here) [b](#there) [c](missing.md) [d](docs/README.md) [e](https://example.com/x)\n';
    expect(brokenLinks('README.md', text)).toEqual(['#there: no such heading', 'missing.md: no such file']);
  });

  it('reach every page of docs/ from its index', () => {
    const linked = [...readDocument('docs/README.md').matchAll(LINK)].map(([, target]) =>
      join('docs', target.split('#')[0]),
    );
    const pages = DOCUMENTS.filter((document) => document.startsWith('docs/') && document !== 'docs/README.md');
    expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
  });
});

describe('files that the documents name', () => {
  const folders = ['', 'libs/enhanced-cache', 'libs/enhanced-cache/src', 'bench/compare'];
  const isThere = (path: string): boolean => folders.some((folder) => existsSync(join(ROOT, folder, path)));

  it.each(DOCUMENTS)('are there: %s', (document) => {
    const named = [...proseOf(readDocument(document)).matchAll(/`([\w.-]+(?:\/[\w.-]+)*\.(?:ts|mjs|js|md|json))`/g)];
    expect(named.map(([, path]) => path).filter((path) => !isThere(path))).toEqual([]);
  });

  it('are all named in the plan of the library that are folders of it', () => {
    const plan = readDocument('docs/ARCHITECTURE.md');
    const source = join(ROOT, 'libs/enhanced-cache/src');
    const rooms = [source, join(source, 'engine')].flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()),
    );
    expect(rooms.map(({ name }) => name).filter((name) => !plan.includes(`${name}/ `))).toEqual([]);
  });
});

describe('words in the documents', () => {
  it.each(DOCUMENTS)('name no path of one machine: %s', (document) => {
    expect(readDocument(document)).not.toMatch(/(?:^|[\s('"`])\/(?:work|tmp|home|root|Users)\//m);
  });
});
