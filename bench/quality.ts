import { type QueryResult } from '#core/connector-kit';
import { type PlanOptions, planRules, runRules, type RuleToRun, type Verdict } from '#core/rule-engine';

import { line } from './figures.js';
import { type Check, CHECKS, NOW } from './quality/checks.js';
import { type Loaded, openDuckDb, openMariaDb, openPostgres } from './quality/engines.js';
import { others } from './quality/others.js';
import { planning } from './quality/planning.js';

const ROWS = Number(process.env['PLUMBLINE_BENCH_ROWS'] ?? 5_000_000);
const WANTED = (process.env['PLUMBLINE_BENCH_ENGINES'] ?? 'postgres,mysql,duckdb').split(',');
const ENGINES = { postgres: openPostgres, mysql: openMariaDb, duckdb: openDuckDb };
const TARGETS = { postgres: 0.45, mysql: 0.65, duckdb: 1.1 };

const call = () => ({ signal: new AbortController().signal, deadlineMs: 30 * 60_000 });

/** What forty checks cost in the database: one query for each, and as we plan them. */
export async function quality(): Promise<void> {
  line('rows', ROWS.toLocaleString('en'));
  for (const [dialect, open] of Object.entries(ENGINES)) {
    if (!WANTED.includes(dialect)) continue;
    const engine = await open(ROWS);
    try {
      await measured(engine, TARGETS[dialect as keyof typeof TARGETS]);
    } finally {
      await engine.close();
    }
  }
}

async function measured(engine: Loaded, target: number): Promise<void> {
  const { title, tables } = engine;
  await warm(engine);
  const alone = await oneByOne(engine);
  const counts = (columns: readonly { readonly name: string }[]) =>
    columns.map(({ name }) => `count(${name})`).join(', ');
  const scan = (items: string) => seconds(engine, () => send(engine, `SELECT ${items} FROM ${tables.loans.relation}`));
  const touched = await scan('count(updated_at)');
  const floor = await scan(counts(tables.loans.columns));
  const ours = await planned(engine, CHECKS);
  const plain = await planned(
    engine,
    CHECKS.filter(({ is }) => is === 'predicate'),
  );
  const s = (value: number) => `${value.toFixed(2)} s`;
  for (const is of ['predicate', 'regex', 'aggregate', 'unique', 'foreign'] as const) {
    const some = CHECKS.filter((check) => check.is === is);
    const each = alone.filter((_, at) => CHECKS[at]!.is === is).reduce((sum, { took }) => sum + took, 0);
    const fused = is === 'predicate' ? plain : await planned(engine, some);
    line(
      `${title}: ${some.length} × ${is}: one query each, planned`,
      `${s(each)}, ${s(fused.took)}`,
      `${(fused.took / each).toFixed(2)}×`,
    );
  }
  const all = alone.reduce((sum, { took }) => sum + took, 0);
  line(`${title}: one query for each of ${CHECKS.length} checks`, s(all));
  line(`${title}: as planned (${ours.statements} statements)`, s(ours.took));
  line(`${title}: planned / one query each`, `${(ours.took / all).toFixed(3)}×`, `target: ≤ ${target}×`);
  line(`${title}: the last column of every row touched`, s(touched));
  line(`${title}: floor, every column of every row read`, s(floor));
  line(
    `${title}: plain predicates in one scan / floor`,
    `${(plain.took / floor).toFixed(2)}×`,
    title === 'PostgreSQL' ? 'target: ≤ 3.5×' : '',
  );
  line(`${title}: memory of the runner, beside the connection's`, `+ ${ours.grown.toFixed(0)} MB`, 'target: ≤ 50 MB');
  agree(alone, ours.verdicts);
  const { url } = engine;
  if (url === undefined) return;
  await planning(engine, ours.answers);
  await others({ ...engine, url }, async (checks) => (await planned(engine, checks)).took);
}

async function warm(engine: Loaded): Promise<void> {
  for (const { relation } of Object.values(engine.tables)) await send(engine, `SELECT count(*) FROM ${relation}`);
  await send(engine, `SELECT count(updated_at) FROM ${engine.tables.loans.relation}`);
}

async function send({ connection }: Loaded, sql: string): Promise<string> {
  const { rows } = await connection.query(sql, [], call());
  return String(rows[0]?.[0]);
}

async function seconds(engine: Loaded, work: () => Promise<unknown>): Promise<number> {
  const before = engine.seconds();
  await work();
  return engine.seconds() - before;
}

interface Alone {
  readonly took: number;
  readonly found: string;
}

async function oneByOne(engine: Loaded): Promise<Alone[]> {
  const found: Alone[] = [];
  for (const { alone, other } of CHECKS) {
    const there = other === undefined ? '' : engine.tables[other].relation;
    const sql = engine.matches(alone).replaceAll('??', there).replaceAll('?', engine.tables.loans.relation);
    let answer = '';
    const took = await seconds(engine, async () => (answer = await send(engine, sql)));
    found.push({ took, found: answer });
  }
  return found;
}

async function planned(engine: Loaded, checks: readonly Check[]) {
  const { connection, tables } = engine;
  const { dialect } = connection;
  const options: PlanOptions = { dialect, now: NOW };
  const rules = checks.map(({ rule, other }): RuleToRun => ({
    rule,
    facts: {
      target: tables.loans,
      ...(other !== undefined && { other: { ...tables[other], dialect, sameConnection: true } }),
    },
  }));
  let verdicts: Verdict[] = [];
  const answers = new Map<string, QueryResult>();
  const idle = process.memoryUsage().rss;
  let most = idle;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const took = await seconds(engine, async () => {
    const outcomes = await runRules(
      rules,
      async ({ sql, params, maxRows }) => {
        const answer = await connection.query(sql, params, { ...call(), maxRows });
        answers.set(sql, answer);
        return answer;
      },
      options,
    );
    verdicts = outcomes.map(({ verdict }) => verdict);
  });
  clearInterval(look);
  const grown = (most - idle) / 1024 / 1024;
  return { took, verdicts, answers, grown, statements: planRules(rules, options).work.length };
}

/** A fast answer is worth nothing when it is another one. */
function agree(alone: readonly Alone[], verdicts: readonly Verdict[]): void {
  for (const [at, { told, rule }] of CHECKS.entries()) {
    const verdict = verdicts[at]!;
    const ours = told === 'violations' ? verdict.violations : verdict.metrics['value'];
    if (verdict.status === 'error') throw new Error(`${JSON.stringify(rule)}: ${verdict.sentence.en}`);
    if (rule['kind'] === 'freshness' || told === 'value' ? false : ours !== alone[at]!.found)
      throw new Error(`${JSON.stringify(rule)}: ${ours} is not ${alone[at]!.found}`);
  }
}
