import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '#kernel';

import { type QualityCase } from './case.js';
import { openDuckDb } from './engines/duckdb.js';
import { type Engine } from './engines/engine.js';
import { openMySql } from './engines/mysql.js';
import { openPostgres } from './engines/postgres.js';
import { type MutantFigures, runMutants } from './mutants/run-mutants.js';
import { apart, type Figures, figuresOf, linesOf, type Result } from './report.js';
import { runCase } from './run-case.js';

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  postgres: openPostgres,
  mysql: openMySql,
  duckdb: openDuckDb,
};

const USAGE = `npm run conformance:quality -- --corpus DIR --engine ${Object.keys(ENGINES).join('|')}|all [--suite NAME] [--mutants] [--json]
Runs cases of other tools through our rules on a real engine and prints where the verdicts differ.
--engine all runs them on every engine and prints as well where engines differ from each other.
--mutants also changes one cell of each passing case so that its rule is broken, and prints which changes nobody saw.
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

async function resultsOn(name: string, cases: readonly QualityCase[], withMutants: boolean) {
  const engine = await ENGINES[name]!();
  const results: Result[] = [];
  try {
    for (const each of cases) results.push(await runCase(each, engine, name));
    return { results, mutants: withMutants ? await runMutants(cases, results, engine, name) : undefined };
  } finally {
    await engine.close();
  }
}

const say = (...lines: readonly string[]): void => lines.forEach((line) => process.stdout.write(`${line}\n`));

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      corpus: { type: 'string' },
      engine: { type: 'string', default: '' },
      suite: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const names = values.engine === 'all' ? Object.keys(ENGINES) : [values.engine];
  if (values.corpus === undefined || names.some((name) => !Object.hasOwn(ENGINES, name))) throw new Error(USAGE);
  const cases = casesIn(values.corpus, values.suite);
  const byEngine = new Map<string, readonly Result[]>();
  const figures = new Map<string, Figures & { mutants?: MutantFigures }>();
  for (const name of names) {
    const { results, mutants } = await resultsOn(name, cases, values.mutants);
    byEngine.set(name, results);
    if (names.length > 1) say(`${name}:`);
    say(...linesOf(results), ...(mutants?.lines ?? []));
    figures.set(name, { ...figuresOf(results), ...(mutants && { mutants: mutants.figures }) });
  }
  const different = apart(byEngine);
  say(...different);
  if (values.json)
    say(
      JSON.stringify(
        names.length === 1
          ? figures.get(names[0]!)
          : { ...Object.fromEntries(figures), enginesDiffer: different.length },
      ),
    );
  const agree = [...figures.values()].every(({ disagreements, notMapped }) => disagreements + notMapped === 0);
  return agree && different.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
