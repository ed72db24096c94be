import { join } from 'node:path';

import { graphqlTypesAreCurrent } from './graphql-types.mjs';
import { node, root, run } from './prepare.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** What `npm run check` looks at, in order; `npm run check -- lint` runs one. */
const checks = [
  ['types', 'tsc', ['-p', 'tsconfig.json', '--noEmit']],
  ['types-web', 'tsc', ['-p', 'apps/web/tsconfig.json', '--noEmit']],
  ['lint', 'eslint', ['.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/']],
  ['format', 'prettier', ['--check', '.', '--log-level', 'warn', '--cache']],
  ['floors', 'depcruise', ['libs', 'apps/api', 'apps/worker', 'apps/cli', '--config', '.dependency-cruiser.mjs']],
  ['unused', 'knip', []],
  ['schema', join(root, 'dist', 'apps', 'api', 'src', 'print-schema.js'), ['--check']],
  ['schema-web', graphqlTypesAreCurrent],
];

/** Runs the checks, all of them even when one fails; 0 when all are well. */
export async function check(only) {
  const failed = [];
  for (const [name, program, args] of checks) {
    if (only.length > 0 && !only.includes(name)) continue;
    const began = Date.now();
    const code =
      typeof program === 'function'
        ? await program()
        : await run(node(), [program.includes('/') ? program : bin(program), ...args]);
    process.stderr.write(`${code === 0 ? '✓' : '✗'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) process.stderr.write(`These checks failed: ${failed.join(', ')}.\n`);
  return failed.length === 0 ? 0 : 1;
}
