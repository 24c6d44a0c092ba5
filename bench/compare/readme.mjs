import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const README = new URL('../../README.md', import.meta.url);
const SECTION = /(<!-- compare -->\n)[\s\S]*?(<!-- \/compare -->)/;
const OWN = 'enhanced-cache';

/** Puts the report between the two comments in README.md, so that its figures are always those of one run. */
export async function writeReadme({ node, versions, results }) {
  const others = Object.entries(versions).filter(([name]) => name !== 'nestjs-enhanced-cache');
  const packages = others.map(([name, version]) => `\`${name}\` ${version}`).join(', ');
  const tables = bySubjects(results).map(tableOf).join('\n\n');
  const readme = readFileSync(README, 'utf8');
  if (!SECTION.test(readme)) throw new Error('README.md has no section between <!-- compare --> and <!-- /compare -->');
  const section = `\nPrinted on Node.js ${node.slice(1)} with ${packages}.\n\n${tables}\n\n`;
  const text = readme.replace(SECTION, (_all, start, end) => start + section + end);
  const style = await resolveConfig(fileURLToPath(README));
  writeFileSync(README, await format(text, { ...style, parser: 'markdown' }));
}

/** Probes of the same subjects make one table. */
function bySubjects(results) {
  const tables = new Map();
  for (const result of results) {
    const subjects = result.outcomes.map(({ subject }) => subject).join();
    tables.set(subjects, [...(tables.get(subjects) ?? []), result]);
  }
  return [...tables.values()];
}

function tableOf(results) {
  const names = results[0].outcomes.map(({ subject }) => (subject === OWN ? 'this package' : `\`${subject}\``));
  const rows = results.map(({ probe, wanted, outcomes }) => [`${probe}: ${wanted}`, ...outcomes.map(cellOf)]);
  return [['situation, and what is wanted', ...names], names.map(() => '---').concat('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cellOf({ outcome, detail }) {
  return outcome === '-' ? `- (${detail})` : `**${outcome}**: ${detail}`;
}
