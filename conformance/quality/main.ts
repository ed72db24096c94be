import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '#kernel';

import { type QualityCase } from './case.js';
import { openDuckDb } from './engines/duckdb.js';
import { type Engine } from './engines/engine.js';
import { openMySql } from './engines/mysql.js';
import { openPostgres } from './engines/postgres.js';
import { print, type Result } from './report.js';
import { runCase } from './run-case.js';

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  postgres: openPostgres,
  mysql: openMySql,
  duckdb: openDuckDb,
};

const USAGE = `npm run conformance:quality -- --corpus DIR --engine ${Object.keys(ENGINES).join('|')} [--suite NAME] [--json]
Runs cases of other tools through our rules on a real engine and prints where the verdicts differ.`;

function casesIn(folder: string, suite: string | undefined): QualityCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as QualityCase)
    .filter((each) => suite === undefined || each.suite === suite);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      engine: { type: 'string' },
      suite: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const open = ENGINES[values.engine ?? ''];
  if (values.corpus === undefined || open === undefined) throw new Error(USAGE);
  const cases = casesIn(values.corpus, values.suite);
  const engine = await open();
  const results: Result[] = [];
  try {
    for (const each of cases) results.push(await runCase(each, engine, values.engine!));
  } finally {
    await engine.close();
  }
  return print(results, values.json);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
