/** The types that the web UI's GraphQL documents are checked against: made of schema.graphql, and checked in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { node, root, run } from './prepare.mjs';

const kept = join(root, 'apps', 'web', 'src', 'graphql-env.d.ts');

/** Writes them; 0 when that went well. */
export const makeGraphqlTypes = (output = kept) =>
  run(
    node(),
    [
      ...[join(root, 'node_modules', 'gql.tada', 'bin', 'cli.js'), 'generate-output'],
      ...['--tsconfig', join(root, 'apps', 'web', 'tsconfig.json'), '--output', output],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );

/** Makes them beside and compares; 0 when they are those that are checked in. */
export async function graphqlTypesAreCurrent() {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-types-'));
  try {
    const fresh = join(folder, 'graphql-env.d.ts');
    if ((await makeGraphqlTypes(fresh)) !== 0) return 1;
    if (readFileSync(fresh, 'utf8') === readFileSync(kept, 'utf8')) return 0;
    process.stderr.write('apps/web/src/graphql-env.d.ts is not what schema.graphql makes. Run "npm run schema".\n');
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
