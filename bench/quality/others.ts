import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { line } from '../figures.js';
import { withPython } from '../python.js';
import { type Check, CHECKS } from './checks.js';
import { type Loaded } from './engines.js';
import { COLUMNS } from './table.js';

const TOOLS = {
  gx: { title: 'Great Expectations', packages: ['great_expectations', 'psycopg2-binary', 'sqlalchemy'] },
  soda: { title: 'Soda', packages: ['soda-postgres'] },
};

/** The checks that other tools can express, in the same PostgreSQL; beside each what ours take for just those checks. */
export async function others(
  engine: Loaded & { readonly url: string },
  ours: (checks: readonly Check[]) => Promise<number>,
): Promise<void> {
  const url = new URL(engine.url);
  const given = {
    url: url.href.replace(/^postgres\w*:/, 'postgresql+psycopg2:'),
    ...{ host: url.hostname, port: Number(url.port), database: url.pathname.slice(1) },
    ...{ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    columns: COLUMNS.map(({ name }) => name),
    checks: CHECKS.map(({ rule, other }) => ({ kind: rule['kind'], columns: [], params: {}, ...rule, there: other })),
  };
  for (const [tool, { title, packages }] of Object.entries(TOOLS)) {
    let done: readonly number[] = [];
    let took = 0;
    withPython(packages, ({ folder, run }) => {
      const checks = join(folder, 'checks.json');
      writeFileSync(checks, JSON.stringify(given), { mode: 0o600 });
      const before = engine.seconds();
      ({ done } = JSON.parse(run('quality.py', tool, checks)) as { done: readonly number[] });
      took = engine.seconds() - before;
    });
    if (done.length === 0) continue;
    const same = await ours(done.map((at) => CHECKS[at]!));
    line(
      `${engine.title}: the ${done.length} checks that ${title} has`,
      `${took.toFixed(2)} s`,
      `ours: ${same.toFixed(2)} s`,
    );
  }
}
