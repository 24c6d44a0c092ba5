/**
 * Exits with 0 when node_modules holds exactly what package-lock.json asks for, with 1 when `npm ci` has work to do.
 *
 * The lock is compared with npm's own record of what it installed, and that record with the folders that are there.
 */
import { readFileSync } from 'node:fs';

const read = (path) => {
  try {
    return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The first package that is not as the lock has it. */
function firstDifference() {
  const installed = read('node_modules/.package-lock.json')?.packages;
  if (!installed) return 'node_modules';
  const wanted = Object.entries(read('package-lock.json').packages).filter(([path]) => path.includes('node_modules/'));
  return wanted.find(([path, want]) => {
    const have = installed[path];
    // What npm left out on this platform is not in its record; a package that is not optional has to be.
    if (!have) return !want.optional;
    if (want.link) return !have.link || !read(`${path}/package.json`);
    return (
      have.version !== want.version ||
      have.integrity !== want.integrity ||
      read(`${path}/package.json`)?.version !== want.version
    );
  })?.[0];
}

const difference = firstDifference();
if (difference) console.log(`to install: ${difference} is not as in package-lock.json`);
process.exit(difference ? 1 : 0);
