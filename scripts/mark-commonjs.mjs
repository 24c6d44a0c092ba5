// The package is "type": "module"; the CommonJS copy needs its own marker or Node reads it as ESM.
import { writeFileSync } from 'node:fs';

writeFileSync(new URL('../libs/enhanced-cache/dist/cjs/package.json', import.meta.url), '{ "type": "commonjs" }\n');
