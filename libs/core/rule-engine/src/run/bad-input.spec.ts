import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { type Connection, type Dialect, type TypeFamily } from '#core/connector-kit';
import { type DatasetFacts, type RuleOutcome, runRules } from '#core/rule-engine';
import { AppError } from '#kernel';

import { TROUBLED_ENGINES, type TroubledSource } from '../../../../../test/support/troubled-sources.js';

const now = new Date('2026-06-30T00:00:00Z');

/** What the catalog says of a table, which the table itself may know better. */
const factsOf = (relation: string, columns: Readonly<Record<string, TypeFamily>>): DatasetFacts => ({
  ...{ relation, name: 'trouble' },
  columns: Object.entries(columns).map(([name, typeFamily]) => ({ name, typeFamily, nativeType: typeFamily })),
});

const codeOf = ({ error }: RuleOutcome) => (error instanceof AppError ? error.code : error);
const isDown = (error: unknown) => error instanceof AppError && error.code === 'SOURCE_UNREACHABLE';

const rule = (kind: string, column: string, params: object = {}, more: object = {}) => ({
  ...{ kind, columns: [column], params },
  ...more,
});
const expression = (passWhen: string) => ({ kind: 'expression', params: { passWhen } });
const there = rule('not_null', 'id');

/** One query, as each engine says it. */
const sql = (postgres: string, duckdb = postgres, mysql = postgres): Readonly<Record<Dialect, string>> => ({
  ...{ postgres, duckdb, mysql },
});

describe.each(TROUBLED_ENGINES)('on %s', (dialect, open) => {
  let source: TroubledSource;
  let tables = 0;
  beforeAll(async () => {
    source = await open();
  });
  afterAll(() => source?.close());

  const table = (query: Readonly<Record<Dialect, string>>) => source.make(`trouble_${++tables}`, query[dialect]);

  async function run(
    target: DatasetFacts,
    rules: readonly object[],
    { on = source.connection, deadlineMs = 20_000 }: { on?: Connection; deadlineMs?: number } = {},
  ) {
    const sent: string[] = [];
    const outcomes = await runRules(
      rules.map((each) => ({
        rule: each,
        facts: { target, other: { ...target, dialect, sameConnection: true } },
      })),
      (statement) => {
        sent.push(statement.sql);
        const { maxRows } = statement;
        return on.query(statement.sql, statement.params, { signal: new AbortController().signal, deadlineMs, maxRows });
      },
      { dialect, now, fuse: 'always', isOfSource: isDown },
    );
    return { outcomes, sent, statuses: outcomes.map(({ verdict }) => verdict.status) };
  }

  /** One rule's verdict: how it ends, and how many rows break it of how many. */
  async function found(target: DatasetFacts, given: object): Promise<string> {
    const { outcomes } = await run(target, [given]);
    const { status, checked, violations } = outcomes[0]!.verdict;
    return status === 'error' ? `error ${String(codeOf(outcomes[0]!))}` : `${status} ${violations}/${checked}`;
  }

  it('a source that is down is an error of each rule, and is asked once for all that share a scan', async () => {
    const on = await source.nowhere();
    const relation = await table(sql('SELECT 1 AS id'));
    const gone = dialect === 'duckdb' ? on.relation('.', 'trouble.parquet') : relation;
    const { statuses, outcomes, sent } = await run(
      factsOf(gone, { id: 'integer' }),
      [there, rule('between', 'id', { min: 0 }), rule('in_set', 'id', { values: [1] })],
      { on },
    );
    expect(statuses).toEqual(['error', 'error', 'error']);
    for (const { verdict } of outcomes) expect(verdict).toMatchObject({ metrics: {} });
    // A file that is gone is no source that is down: there each rule is tried by itself.
    if (dialect === 'duckdb') expect(codeOf(outcomes[0]!)).toMatch(/^SOURCE_/);
    else {
      expect(outcomes.map(codeOf)).toEqual(Array(3).fill('SOURCE_UNREACHABLE'));
      expect(sent).toHaveLength(1);
    }
    await on.close();
  });

  it('a time-out blames the slow rule alone, and the statement has ended in the source', async () => {
    const fast = await table(sql('SELECT 1 AS id'));
    // A column that takes a minute, but only when it is looked at.
    let relation = fast;
    if (dialect === 'postgres') {
      await source.run(`CREATE FUNCTION slowly() RETURNS int LANGUAGE plpgsql STABLE
        AS $$ BEGIN PERFORM pg_sleep(60); RETURN 1; END $$`);
      relation = `(SELECT id, public.slowly()::text || id AS slow FROM ${fast})`;
    } else if (dialect === 'mysql') relation = `(SELECT id, CONCAT(SLEEP(60), id) AS slow FROM ${fast})`;
    else relation = `(SELECT range AS id, repeat(CAST(range AS VARCHAR), 20) AS slow FROM range(30000000))`;
    const { statuses, outcomes } = await run(
      factsOf(relation, { id: 'integer', slow: 'text' }),
      [
        there,
        rule('regex', 'slow', { patterns: ['^([0-9]|x)+y?$'] }),
        rule('between', 'id', { min: 2 }, { samples: 0 }),
      ],
      { deadlineMs: 3_000 },
    );
    expect(statuses).toEqual(['pass', 'error', 'fail']);
    expect(codeOf(outcomes[1]!)).toBe('SOURCE_TIMED_OUT');
    // Its session may take a moment to see it; a statement that goes on would take a minute.
    for (let tries = 0; (await source.running()) > 0 && tries < 200; tries++) await wait(25);
    expect(await source.running()).toBe(0);
  });

  // Files are read as a whole or not at all.
  if (dialect !== 'duckdb')
    it('a column without permission is the error of its rule alone', async () => {
      const relation = await table(sql('SELECT 1 AS id, 2 AS secret, 3 AS other'));
      await source.showOnly(`trouble_${tables}`, ['id', 'other']);
      const { statuses, outcomes } = await run(
        factsOf(relation, { id: 'integer', secret: 'integer', other: 'integer' }),
        [
          { ...there, samples: 0 },
          { ...rule('between', 'secret', { min: 0 }), samples: 0 },
          { ...rule('between', 'other', { max: 2 }), samples: 0 },
        ],
      );
      expect(statuses).toEqual(['pass', 'error', 'fail']);
      expect(codeOf(outcomes[1]!)).toBe('SOURCE_PERMISSION_DENIED');
    });

  it.each([
    ['renamed', sql('SELECT 1 AS id, 2 AS amount_new')],
    ['dropped', sql('SELECT 1 AS id')],
  ])('a column that was %s since the harvest is the error of its rules alone', async (_, query) => {
    const target = factsOf(await table(query), { id: 'integer', amount: 'integer' });
    const { statuses, outcomes } = await run(target, [
      there,
      rule('between', 'amount', { min: 0 }),
      rule('unique', 'id'),
    ]);
    expect(statuses).toEqual(['pass', 'error', 'pass']);
    expect(codeOf(outcomes[1]!)).toBe('SOURCE_QUERY_FAILED');
    expect(outcomes[1]!.verdict.sentence.en).toContain('amount');
  });

  it('a column of another type than the catalog knows is the error of its rules alone', async () => {
    const relation = await table(sql(`SELECT 1 AS id, 'abc' AS amount`));
    const { statuses, outcomes } = await run(factsOf(relation, { id: 'integer', amount: 'integer' }), [
      there,
      rule('between', 'amount', { min: 0, max: 5 }),
    ]);
    expect(statuses).toEqual(['pass', 'error']);
    expect(codeOf(outcomes[1]!)).toBe('SOURCE_QUERY_FAILED');
    expect(String(outcomes[1]!.error)).not.toContain('abc');
  });

  it('what is too large for a type is computed all the same, or is the error of its rule alone', async () => {
    const relation = await table(
      sql(
        `SELECT 9223372036854775807::bigint AS id, 1e308::float8 AS f UNION ALL SELECT 9223372036854775806, 1e308`,
        `SELECT 9223372036854775807::BIGINT AS id, 1e308::DOUBLE AS f UNION ALL SELECT 9223372036854775806, 1e308`,
        `SELECT 9223372036854775807 AS id, 1e308 AS f UNION ALL SELECT 9223372036854775806, 1e308`,
      ),
    );
    const target = factsOf(relation, { id: 'integer', f: 'float' });
    const { outcomes, statuses } = await run(target, [
      rule('aggregate', 'id', { fn: 'sum', min: '18446744073709551613', max: '18446744073709551613' }),
      expression('id + 1 > 9223372036854775806'),
      expression('f * 10 > 1'),
      there,
    ]);
    expect(outcomes[0]!.verdict).toMatchObject({ status: 'pass', metrics: { value: '18446744073709551613' } });
    // A double beyond all doubles: an infinity, which is more than one, or refused. Never a failure of the data.
    expect(['pass', 'error']).toContain(statuses[2]);
    expect([statuses[1], statuses[3]]).toEqual(['pass', 'pass']);
  });

  it('dividing by zero gives nothing', async () => {
    const relation = await table(sql('SELECT 1 AS id, 0 AS b UNION ALL SELECT 4, 2'));
    const target = factsOf(relation, { id: 'integer', b: 'integer' });
    expect(await found(target, expression('id / b >= 2'))).toBe('pass 0/1');
    expect(await found(target, { ...expression('id / b >= 2'), nullPolicy: 'fail' })).toBe('fail 1/2');
    expect(await found(target, expression('id % b = 0'))).toBe('pass 0/1');
  });

  it('an empty table, nothing but absent values, and nothing that the filter lets through', async () => {
    const empty = await table(
      sql('SELECT 1 AS id, 2 AS n WHERE false', undefined, 'SELECT 1 AS id, 2 AS n FROM dual WHERE 1 = 0'),
    );
    const absent = await table(
      sql('SELECT 1 AS id, CAST(NULL AS int) AS n', undefined, 'SELECT 1 AS id, CAST(NULL AS signed) AS n'),
    );
    const columns = { id: 'integer', n: 'integer' } as const;
    const between = rule('between', 'n', { min: 0 });
    for (const [relation, more] of [
      [empty, {}],
      [absent, {}],
      [absent, { where: 'id > 5' }],
    ] as const) {
      const target = factsOf(relation, columns);
      expect(await found(target, { ...between, ...more })).toBe('not_evaluated 0/0');
      expect(await found(target, { ...between, ...more, onEmpty: 'fail' })).toBe('fail 0/0');
      expect(await found(target, { ...between, ...more, onEmpty: 'pass' })).toBe('pass 0/0');
    }
    expect(await found(factsOf(absent, columns), rule('not_null', 'n'))).toBe('fail 1/1');
    expect(await found(factsOf(empty, columns), rule('not_null', 'n'))).toBe('not_evaluated 0/0');
  });

  it('letters, blanks at the end and accents are what they are, whatever the collation', async () => {
    const words = `SELECT 'a' AS s UNION ALL SELECT 'A' UNION ALL SELECT 'a ' UNION ALL SELECT 'á'`;
    if (dialect === 'postgres')
      await source.run(`CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level1')`);
    const relation = await table(
      sql(
        `SELECT s::text COLLATE careless AS s, 1 AS id FROM (${words}) AS w`,
        `SELECT s, 1 AS id FROM (${words}) AS w`,
        `SELECT CONVERT(s USING utf8mb4) COLLATE utf8mb4_general_ci AS s, 1 AS id FROM (${words}) AS w`,
      ),
    );
    const target = factsOf(relation, { id: 'integer', s: 'text' });
    expect(await found(target, rule('in_set', 's', { values: ['a'] }))).toBe('fail 3/4');
    expect(await found(target, rule('not_in_set', 's', { values: ['a'] }))).toBe('fail 1/4');
    expect(await found(target, rule('unique', 's'))).toBe('pass 0/4');
    expect(await found(target, rule('distinct_count', 's', { min: 4, max: 4 }))).toMatch(/^pass 0/);
    expect(await found(target, expression("s = 'A'"))).toBe('fail 3/4');
    expect(await found(target, rule('length_between', 's', { max: 1 }))).toBe('fail 1/4');
    expect(await found(target, rule('like', 's', { patterns: ['a'] }))).toBe('fail 3/4');
    expect(await found(target, rule('foreign_key', 's', { refColumns: ['s'], refWhere: "s <> 'A'" }))).toBe('fail 1/4');
    expect(
      await found(target, rule('distinct_set', 's', { values: ['a', 'A', 'a ', 'á'], relation: 'equal' })),
    ).toMatch(/^pass 0/);
  });
});

describe.each(TROUBLED_ENGINES)('values that only some engines have, on %s', (dialect, open) => {
  let source: TroubledSource;
  beforeAll(async () => {
    source = await open();
  });
  afterAll(() => source?.close());

  async function found(target: DatasetFacts, ...rules: readonly object[]): Promise<string[]> {
    const outcomes = await runRules(
      rules.map((each) => ({ rule: each, facts: { target } })),
      ({ sql: text, params, maxRows }) =>
        source.connection.query(text, params, { signal: new AbortController().signal, deadlineMs: 20_000, maxRows }),
      { dialect, now },
    );
    return outcomes.map((outcome) => {
      const { status, checked, violations } = outcome.verdict;
      return status === 'error' ? `error ${String(codeOf(outcome))}` : `${status} ${violations}/${checked}`;
    });
  }

  if (dialect === 'mysql') {
    it('zero dates are dates before all others', async () => {
      await source.run(`SET sql_mode = ''`);
      const relation = await source.make(
        'zero',
        `(id int, d date, at datetime) SELECT 1 AS id, '0000-00-00' AS d, '0000-00-00 00:00:00' AS at
         UNION ALL SELECT 2, '2026-00-15', '2026-06-29 00:00:00' UNION ALL SELECT 3, '2026-06-01', '2026-06-29 12:00:00'`,
      );
      const target = factsOf(relation, { id: 'integer', d: 'date', at: 'timestamp' });
      expect(
        await found(
          target,
          rule('not_null', 'd'),
          rule('between', 'd', { min: '1900-01-01' }),
          rule('between', 'at', { min: '1900-01-01T00:00:00' }),
          rule('freshness', 'at', { maxAge: 1, unit: 'day' }),
          expression("d > '2026-05-01'"),
          rule('unique', 'd'),
          rule('period_complete', 'd', { unit: 'month' }),
        ),
      ).toEqual([
        'pass 0/3',
        'fail 1/3',
        'fail 1/3',
        'pass 0/1',
        'fail 2/3',
        'pass 0/3',
        expect.not.stringMatching(/INTERNAL/),
      ]);
    });

    it('bytes that are no text of its encoding cannot be stored as text, and other encodings are read as they are', async () => {
      const relation = await source.make(
        'latin',
        `(id int, s varchar(10) CHARACTER SET latin1, g varchar(10) CHARACTER SET gbk) SELECT 1 AS id, 'é' AS s, '汉' AS g`,
      );
      const target = factsOf(relation, { id: 'integer', s: 'text', g: 'text' });
      expect(
        await found(
          target,
          rule('in_set', 's', { values: ['é'] }),
          rule('in_set', 'g', { values: ['汉'] }),
          rule('length_between', 'g', { max: 1 }),
          rule('regex', 'g', { patterns: ['^[a-z]$'] }),
          // What the encoding cannot hold is in no row of it.
          rule('in_set', 's', { values: ['汉'] }),
          rule('not_in_set', 's', { values: ['汉😀'] }),
        ),
      ).toEqual(['pass 0/1', 'pass 0/1', 'pass 0/1', 'fail 1/1', 'fail 1/1', 'pass 0/1']);
      await expect(source.run(`INSERT INTO latin (id, g) SELECT 2, X'FFFF'`)).resolves.toBeUndefined();
    });

    it('there is neither NaN nor an infinity', async () => {
      await source.run(`SET sql_mode = 'STRICT_ALL_TABLES'`);
      await expect(source.make('nan', `(f double) SELECT 1e308 * 10 AS f`)).rejects.toThrow(/out of range/i);
    });
    return;
  }

  it('NaN and infinities: before or after every number, equal to themselves, and a verdict all the same', async () => {
    const type = dialect === 'postgres' ? 'float8' : 'DOUBLE';
    const relation = await source.make(
      'odd_numbers',
      ['NaN', 'Infinity', '-Infinity', '1', 'NaN']
        .map((each) => `SELECT 1 AS id, '${each}'::${type} AS f`)
        .join(' UNION ALL '),
    );
    const target = factsOf(relation, { id: 'integer', f: 'float' });
    const results = await found(
      target,
      rule('not_null', 'f'),
      rule('between', 'f', { min: 0, max: 10 }),
      rule('between', 'f', { min: 0 }),
      rule('unique', 'f'),
      rule('in_set', 'f', { values: [1] }),
      rule('aggregate', 'f', { fn: 'max', max: 10 }),
      rule('aggregate', 'f', { fn: 'min', min: 0 }),
      rule('aggregate', 'f', { fn: 'avg', max: 10 }),
      rule('aggregate', 'f', { fn: 'stddev_samp', max: 10 }),
      rule('drift', 'f', { baseline: { edges: [0, 10], counts: [1, 1, 3], nulls: 0 }, max: 0.1 }),
    );
    // NaN is more than every number, to engines and so to rules.
    expect(results.slice(0, 5)).toEqual(['pass 0/5', 'fail 4/5', 'fail 1/5', 'fail 1/5', 'fail 4/5']);
    // A figure that is no number is neither within bounds nor quietly right.
    for (const each of results.slice(5, 9)) expect(each).toMatch(/^(fail|not_evaluated|error)/);
    expect(results[9]).toBe('pass 0/1');
    const whole = await found(target, rule('not_null', 'id'), rule('aggregate', 'f', { fn: 'sum', max: 1 }));
    expect(whole[0]).toBe('pass 0/5');
  });

  it('dates before our era and without an end', async () => {
    const relation = await source.make(
      'odd_dates',
      dialect === 'postgres'
        ? `SELECT d::date AS d FROM (VALUES ('-infinity'), ('infinity'), ('0044-03-15 BC'), ('2026-06-01')) AS v (d)`
        : `SELECT d::DATE AS d FROM (VALUES ('0044-03-15 (BC)'), ('0050-01-01 (BC)'), ('9999-12-31'), ('2026-06-01')) AS v (d)`,
    );
    const target = factsOf(relation, { d: 'date' });
    expect(
      await found(
        target,
        rule('not_null', 'd'),
        rule('between', 'd', { min: '1900-01-01', max: '2100-01-01' }),
        rule('unique', 'd'),
      ),
    ).toEqual(['pass 0/4', 'fail 3/4', 'pass 0/4']);
    const [fresh] = await found(target, rule('freshness', 'd', { maxAge: 40, unit: 'day' }));
    expect(fresh).not.toMatch(/INTERNAL/);
  });

  if (dialect === 'duckdb')
    it('a text that is no UTF-8 is an error, never a pass', async () => {
      await writeFile(join(source.folder, 'bytes.csv'), Buffer.from('id,s\n1,a\n2,\xff\xfeb\n', 'latin1'));
      const target = factsOf(source.connection.relation('.', 'bytes.csv'), { id: 'integer', s: 'text' });
      const results = await found(target, rule('not_null', 's'), rule('regex', 's', { patterns: ['^a$'] }));
      for (const each of results) expect(each).toMatch(/^(error SOURCE_|fail)/);
      await rm(join(source.folder, 'bytes.csv'));
    });
  else
    it('a text that is no UTF-8 is refused by the server before it is stored', async () => {
      await expect(source.run(`SELECT convert_from('\\xff'::bytea, 'UTF8')`)).rejects.toThrow(/invalid byte sequence/);
    });
});
