import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '#kernel';

import { type QualityCase } from './case.js';
import { openDuckDb } from './engines/duckdb.js';
import { type Engine } from './engines/engine.js';
import { openMySql } from './engines/mysql.js';
import { openPostgres } from './engines/postgres.js';
import { apart, figuresOf, linesOf, type Result } from './report.js';
import { runCase } from './run-case.js';

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  postgres: openPostgres,
  mysql: openMySql,
  duckdb: openDuckDb,
};

const USAGE = `npm run conformance:quality -- --corpus DIR --engine ${Object.keys(ENGINES).join('|')}|all [--suite NAME] [--json]
Runs cases of other tools through our rules on a real engine and prints where the verdicts differ.
--engine all runs them on every engine and prints as well where engines differ from each other.
Ends with 0 when all agree, 1 when some do not, 2 when it could not run.`;

function casesIn(folder: string, suite: string | undefined): QualityCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as QualityCase)
    .filter((each) => suite === undefined || each.suite === suite);
}

async function resultsOn(name: string, cases: readonly QualityCase[]): Promise<Result[]> {
  const engine = await ENGINES[name]!();
  const results: Result[] = [];
  try {
    for (const each of cases) results.push(await runCase(each, engine, name));
  } finally {
    await engine.close();
  }
  return results;
}

const say = (...lines: readonly string[]): void => lines.forEach((line) => process.stdout.write(`${line}\n`));

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      engine: { type: 'string', default: '' },
      suite: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const names = values.engine === 'all' ? Object.keys(ENGINES) : [values.engine];
  if (values.corpus === undefined || names.some((name) => !Object.hasOwn(ENGINES, name))) throw new Error(USAGE);
  const cases = casesIn(values.corpus, values.suite);
  const byEngine = new Map<string, readonly Result[]>();
  for (const name of names) {
    const results = await resultsOn(name, cases);
    byEngine.set(name, results);
    if (names.length > 1) say(`${name}:`);
    say(...linesOf(results));
  }
  const different = apart(byEngine);
  say(...different);
  const figures = [...byEngine].map(([name, results]) => [name, figuresOf(results)] as const);
  if (values.json)
    say(
      JSON.stringify(
        names.length === 1 ? figures[0]![1] : { ...Object.fromEntries(figures), enginesDiffer: different.length },
      ),
    );
  const agree = figures.every(([, { disagreements, notMapped }]) => disagreements + notMapped === 0);
  return agree && different.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
