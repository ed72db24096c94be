import fc from 'fast-check';

import { type Cell, type Dialect } from '#core/connector-kit';
import {
  type Example,
  planRule,
  type RuleFacts,
  ruleKinds,
  runRules,
  sqlReader,
  type Verdict,
} from '#core/rule-engine';

import { type SampleColumn, type SampleSource, type SampleTable } from '../support/sample-tables.js';

const call = () => ({ signal: new AbortController().signal, deadlineMs: 20_000 });

interface Outcome {
  readonly verdict: Verdict;
  readonly failingRows: readonly (readonly Cell[])[];
}

const reader = sqlReader();
const now = new Date('2026-06-30T00:00:00Z');

/** What a run of a rule does, without a worker around it. */
export async function run(
  rule: unknown,
  here: SampleSource,
  target: SampleTable,
  there = here,
  second?: SampleTable,
  series: Example['series'] = [],
  at = now,
) {
  const facts: RuleFacts = {
    target,
    series,
    ...(second === undefined ? {} : { other: { ...second, dialect: there.dialect, sameConnection: there === here } }),
  };
  const [outcome] = await runRules(
    [{ rule, facts }],
    ({ on, sql, params, maxRows }) =>
      (on === 'target' ? here : there).connection.query(sql, params, { ...call(), maxRows }),
    { dialect: here.dialect, now: at, sqlReader: await reader },
  );
  if (outcome?.error instanceof Error) throw outcome.error;
  return { verdict: outcome!.verdict, failingRows: outcome!.failing?.rows ?? [] } satisfies Outcome;
}

const columnsOf = (columns: Example['columns']): SampleColumn[] =>
  Object.entries(columns).map(([name, typeFamily]) => ({ name, typeFamily }));

/** Values of the type that the samples have for `other`, and the texts of the first. */
const OTHER: Readonly<Record<Dialect, { readonly values: readonly string[]; readonly texts: readonly string[] }>> = {
  postgres: { values: ['10.0.0.1', '10.0.0.2'], texts: ['10.0.0.1/32'] },
  duckdb: { values: ['1 day', '2 days'], texts: ['1 day'] },
  mysql: { values: ['2001:DB8::1', '::2'], texts: ['2001:db8::1'] },
};

const EMPTY = 'an empty table';
const FILTERED = 'nothing that the filter lets through';
const NOTHINGS = [EMPTY, 'nothing but absent values', FILTERED] as const;

/** Every kind's examples, and what holds for any text and any name, on one engine. */
export function ruleKindsSuite(
  open: () => Promise<SampleSource>,
  canHold: (example: Example) => boolean = () => true,
): void {
  let source: SampleSource;

  beforeAll(async () => {
    source = await open();
  });

  afterAll(() => source?.close());

  const examples = ruleKinds().flatMap(({ code, examples: all }) =>
    all.filter(canHold).map((example) => [code, example.title, example] as const),
  );

  it.each(examples)('%s: %s', async (kind, _title, example) => {
    const target = await source.add(columnsOf(example.columns), example.rows);
    const second =
      example.other === undefined ? undefined : await source.add(columnsOf(example.other.columns), example.other.rows);
    const { verdict, failingRows } = await run(
      { kind, ...example.rule },
      source,
      target,
      source,
      second,
      example.series,
    );
    const { status, rows, checked, violations, metrics, failingRows: shown } = example.expect;
    const given = Object.entries({ rows, checked, violations }).filter(([, count]) => count !== undefined);
    expect(verdict).toMatchObject({
      status,
      ...Object.fromEntries(given.map(([name, count]) => [name, String(count)])),
      metrics: metrics ?? {},
    });
    expect(verdict.sentence.zh).toMatch(/。$/);
    if (shown !== undefined) expect(failingRows).toHaveLength(shown);
  });

  const bare = ruleKinds().flatMap(({ code, examples: all }) => {
    const example = all.filter(canHold).find(({ rule, rows }) => rule.where === undefined && rows.length > 0);
    return example === undefined ? [] : NOTHINGS.map((nothing) => [code, nothing, example] as const);
  });

  it.each(bare)('%s has a verdict on %s', async (kind, nothing, example) => {
    const columns = columnsOf(example.columns);
    const first = columns[0];
    // What is about the columns, and SQL that people wrote, knows no filter.
    if (nothing === FILTERED && (first === undefined || kind.startsWith('sql_'))) return;
    const absent = columns.map(() => null);
    const target = await source.add(columns, nothing === EMPTY || columns.length === 0 ? [] : [absent, absent]);
    const second =
      example.other === undefined ? undefined : await source.add(columnsOf(example.other.columns), example.other.rows);
    const { threshold: _, ...rule } = example.rule;
    const where = { where: { op: 'not', arg: { op: 'is_null', value: { column: first?.name } } } };
    const given = { kind, ...rule, ...(nothing === FILTERED && where) };
    const statuses: string[] = [];
    for (const onEmpty of ['not_evaluated', 'pass', 'fail']) {
      const { verdict } = await run({ ...given, onEmpty }, source, target, source, second, example.series);
      statuses.push(verdict.checked === '0' ? `nothing ${verdict.status}` : verdict.status);
    }
    const left = [...new Set(statuses)];
    if (left.length > 1) expect(statuses).toEqual(['nothing not_evaluated', 'nothing pass', 'nothing fail']);
    else expect(['pass', 'fail', 'warn', 'not_evaluated', 'nothing not_evaluated']).toContain(left[0]);
  });

  it('shows keys and values of failing rows, no more than asked for', async () => {
    const target = await source.add(
      [
        { name: 'id', typeFamily: 'integer' },
        { name: 'x', typeFamily: 'text' },
      ],
      [
        [1, 'bad'],
        [2, 'good'],
        [3, 'bad'],
      ],
    );
    const rule = { kind: 'in_set', columns: ['x'], params: { values: ['good'] } };
    const facts = { ...target, keyColumns: ['id'] };
    const all = await run(rule, source, facts);
    expect([...all.failingRows].sort()).toEqual([
      ['1', 'bad'],
      ['3', 'bad'],
    ]);
    expect((await run({ ...rule, samples: 1 }, source, facts)).failingRows).toHaveLength(1);
    expect(planRule({ ...rule, samples: 0 }, { target: facts }, { dialect: source.dialect, now })).toHaveLength(1);
  });

  it('compares values of types without a shared equality as texts', async () => {
    const { values, texts } = OTHER[source.dialect];
    const target = await source.add([{ name: 'x', typeFamily: 'other' }], [[values[0]!], [values[1]!], [values[1]!]]);
    const inSet = await run({ kind: 'in_set', columns: ['x'], params: { values: texts } }, source, target);
    expect(inSet.verdict).toMatchObject({ status: 'fail', checked: '3', violations: '2' });
    const unique = await run({ kind: 'unique', columns: ['x'] }, source, target);
    expect(unique.verdict).toMatchObject({ violations: '1' });
  });

  it('takes any text for a value and nothing else', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({
        unit: fc.constantFrom("'", '"', '\\', '$1', '--', ';', '%', '汉', '😀', 'ʼ', '/*', '\n'),
        maxLength: 8,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(text, { minLength: 2, maxLength: 4 }), async (texts) => {
        fc.pre(!texts.some((each) => each.includes('\0')));
        const target = await source.add(
          [{ name: 'x', typeFamily: 'text' }],
          texts.map((each) => [each]),
        );
        const [first] = texts;
        const rule = {
          kind: 'in_set',
          columns: ['x'],
          params: { values: [first] },
          where: { op: 'in', value: { column: 'x' }, list: texts },
        };
        const { verdict, failingRows } = await run(rule, source, target);
        expect(verdict).toMatchObject({ rows: String(texts.length), violations: String(texts.length - 1) });
        expect(failingRows.map(([value]) => value).sort()).toEqual(texts.slice(1).sort());
      }),
      { numRuns: 25 },
    );
  });

  it('takes any name for a column and nothing else', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
      fc.string({
        unit: fc.constantFrom('"', "'", '\\', ';', '.', '汉', '😀', 'x', ' ', '$1'),
        minLength: 1,
        maxLength: 8,
      }),
    );
    await fc.assert(
      fc.asyncProperty(name, name, async (one, other) => {
        fc.pre(!/\0/.test(one + other) && one.toLowerCase() !== other.toLowerCase());
        fc.pre([one, other].every((each) => Buffer.byteLength(each) <= 63 && source.allowsName(each)));
        const target = await source.add(
          [
            { name: one, typeFamily: 'text' },
            { name: other, typeFamily: 'integer' },
          ],
          [
            ['a', 1],
            [null, 2],
            ['a', 3],
          ],
        );
        const where = { op: 'lte', left: { column: other }, right: { literal: 2 } };
        const facts = { ...target, keyColumns: [other] };
        const notNull = await run({ kind: 'not_null', columns: [one], where }, source, facts);
        expect(notNull.verdict).toMatchObject({ rows: '2', violations: '1' });
        expect(notNull.failingRows).toEqual([['2', null]]);
        const unique = await run({ kind: 'unique', columns: [one] }, source, facts);
        expect(unique.verdict).toMatchObject({ checked: '2', violations: '1' });
        expect(unique.failingRows).toEqual([['a', '2']]);
      }),
      { numRuns: 20 },
    );
  });
}
