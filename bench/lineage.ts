import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { extractLineage } from '#core/sql-lineage';
import { Dialect, parse } from '@polyglot-sql/sdk';

import { line, ms, quantile, spread, timed } from './figures.js';
import { withPython } from './python.js';

/** A statement as a warehouse's nightly job has them, ten lines long. */
const load = (at: number) => `-- 贷款明细
insert overwrite table dwd.loan_${at} partition (dt = '2026-01-31')
select a.loan_id, a.cust_id,
       case when a.st = '1' then b.rate else 0 end as rate,
       sum(a.bal) over (partition by a.cust_id order by a.dt) as run_bal,
       coalesce(b.nm, '未知') as nm
  from ods.loan_${at} a
  left join ods.cust b on a.cust_id = b.cust_id and b.dt = '2026-01-31'
 where a.dt = '2026-01-31' and a.bal > 0
   and a.org in (select o.org from dim.org o where o.lvl = 1)`;
const short = (at: number) => `insert into b select x, y + 1 as z from a${at} where k = 1`;
const list = (count: number, statement: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => statement(at));
const CTES = `insert into b with c0 as (select x, y from a), ${list(200, (at) => `c${at + 1} as (select x + 1 as x, y from c${at} where x > ${at})`).join(', ')}
select x, y from c200`;

const DIALECT = 'hive';
const read = (sql: string) => extractLineage(sql, { dialect: DIALECT });
const CASES = {
  'Hive script of 5,000 lines': list(500, load),
  'short statement': list(2_000, short),
  '200 chained CTEs': [CTES],
};

/** What reading lineage costs: ours, the bare parser as the floor, and Python's tools on the same SQL. */
export async function lineage(): Promise<void> {
  const script = list(500, load).join(';\n');
  const { totals } = await read(script);
  if (totals.ok !== 500) throw new Error(`The script was not understood: ${JSON.stringify(totals)}`);
  await inTurn(script, list(500, load));
  line('short statement (2,000)', spread(await each(list(2_000, short), read)), 'target: median ≤ 1 ms');
  floor('  the bare parser', await each(list(2_000, short), async (sql) => parsed(sql)));
  line('200 chained CTEs', spread(await timed(9, () => read(CTES))), 'target: ≤ 1 s');
  floor('  the bare parser', await timed(9, async () => parsed(CTES)));
  await memory();
  others();
}

/** Ours and the bare parser by turns, so that a machine that is slow for a while is slow for both. */
async function inTurn(script: string, statements: readonly string[]): Promise<void> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 41; round++) {
    ours.push(...(await timed(1, () => read(script))));
    bare.push(...(await timed(1, async () => statements.forEach(parsed))));
  }
  // The first rounds warm up the machine code.
  const [warm, floorOf] = [ours.slice(10), bare.slice(10)];
  const ratio = quantile(
    warm.map((time, at) => time / floorOf[at]!),
    0.5,
  );
  line('Hive script of 5,000 lines, warm', spread(warm), `target: ≤ 150 ms; least ${ms(Math.min(...warm))}`);
  floor('  the bare parser, statement by statement', floorOf);
  line(
    '  … times the bare parser, least / least, p50',
    `${(Math.min(...warm) / Math.min(...floorOf)).toFixed(2)} ×, ${ratio.toFixed(2)} ×`,
  );
}

const parsed = (sql: string) => parse(sql, Dialect.Hive);
const floor = (what: string, times: readonly number[]) => line(what, spread(times), 'floor');

async function each(statements: readonly string[], work: (sql: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const sql of statements) times.push(...(await timed(1, () => work(sql))));
  return times;
}

/** Resident memory after each 20,000 statements; it must not grow. */
async function memory(): Promise<void> {
  const sizes: string[] = [];
  for (let round = 0; round < 5; round++) {
    for (let part = 0; part < 20; part++) await read(list(1_000, short).join(';\n'));
    sizes.push((process.memoryUsage.rss() / 1024 / 1024).toFixed(0));
  }
  line('memory after 20,000 … 100,000 statements', `${sizes.join(', ')} MB`, 'target: flat');
}

interface Measured {
  readonly case: keyof typeof CASES;
  readonly tool: string;
  readonly of: number;
  readonly times: readonly number[];
  readonly failed: number;
  /** What the first refusal said. */
  readonly why: readonly string[];
}

function others(): void {
  withPython(['sqlglot', 'sqllineage'], ({ folder, run }) => {
    const cases = join(folder, 'cases.json');
    writeFileSync(cases, JSON.stringify(CASES));
    for (const answer of run('lineage.py', cases).trim().split('\n')) show(JSON.parse(answer) as Measured);
  });
}

function show({ case: name, tool, of, times, failed, why }: Measured): void {
  const done = times.length < of ? ` (${times.length} of ${of} in a minute)` : '';
  const sum = times.reduce((all, time) => all + time, 0);
  const figure = name === 'short statement' ? spread(times) : ms(of === 1 ? quantile(times, 0.5) : sum);
  line(`${tool}: ${name}${done}`, figure, failed > 0 ? `refused ${failed} of ${times.length}: ${why.join()}` : '');
}
