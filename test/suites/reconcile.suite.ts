import fc from 'fast-check';

import { type TypeFamily } from '#core/connector-kit';
import { type Definition, reconcile, type Reconciled, type Sent, type Side } from '#core/reconciliation';

import { type SampleSource, type SampleTable, type SampleValue } from '../support/sample-tables.js';

const call = () => ({ signal: new AbortController().signal, deadlineMs: 30_000 });

export const sideOf = (source: SampleSource, table: SampleTable, unique: readonly string[] = []): Side => ({
  dialect: source.dialect,
  facts: {
    ...table,
    vouched: {
      constraints: unique.length === 0 ? [] : [{ is: 'unique', columns: unique, name: 'pk' }],
      readAt: '2026-01-01T00:00:00Z',
    },
  },
  ask: (sql, params, maxRows) => source.connection.query(sql, params, { ...call(), maxRows }),
});

/** A side of which no constraint is known. */
const unvouched = (side: Side): Side => {
  const { vouched: _, ...facts } = side.facts;
  return { ...side, facts };
};

export async function compare(
  definition: Definition,
  left: Side,
  right: Side,
  now = new Date('2026-06-30T00:00:00Z'),
): Promise<Reconciled & { readonly sent: readonly Sent[] }> {
  const sent: Sent[] = [];
  const found = await reconcile(definition, left, right, {
    ...{ now, signal: new AbortController().signal },
    progress: () => undefined,
    onSent: (each) => sent.push(each),
  });
  return { ...found, sent };
}

/** What engines are known to write in ways of their own. */
const HOSTILE: Readonly<Partial<Record<TypeFamily, readonly SampleValue[]>>> = {
  integer: [0, -1, 7, '9223372036854775807', '-9223372036854775807'],
  decimal: ['0', '-0.0000000001', '1.10', '100', '1000000', '9999999999999999999999999999.9999999999', '-5.5', '0.5'],
  float: [
    ...[0, '-0', 0.1, '0.3333333333333333', '1e20', '1e-7', '1.7976931348623157e308', '2.2250738585072014e-308'],
    ...['123456789.12345679', '-2.5e-10', 16777217, 1, -1, 100, '9007199254740993', '4.35', '1e15', '1e16', '1e17'],
  ],
  boolean: [true, false],
  date: ['2026-02-28', '1970-01-01', '9999-12-31', '1000-01-01', '2024-02-29'],
  time: ['00:00:00', '23:59:59.999999', '08:30:00.5', '12:00:00.100000'],
  timestamp: [
    '2026-01-01 00:00:00',
    '2026-01-01 12:34:56.12',
    '1999-12-31 23:59:59.999999',
    '1000-01-01 00:00:00.000001',
  ],
  timestamptz: ['2026-01-01T00:00:00+08:00', '1999-12-31 23:59:59.999999+00:00', '2026-07-01T12:00:00.5-05:00'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'],
  binary: ['abc', ' ', 'a  '],
  text: [
    ...[
      '',
      ' ',
      'a',
      'a ',
      ' a',
      'A',
      'Ä',
      'ä',
      'ß',
      'İ',
      'ı',
      'e\u0301',
      'é',
      '张三',
      '😀👨‍👩‍👧',
      "'",
      '"',
      '\\',
      "\\'",
      '`',
    ],
    ...[
      'a;b',
      '3:abc',
      '-',
      '1:',
      '2:ab3:c',
      'NULL',
      'null',
      '0',
      '\t',
      '\n',
      '\r\n',
      '\u3000',
      '\u00a0',
      '\u200b',
      '$1',
    ],
    ...['%', '_', '--', '/*', 'ﬁ', 'Straße', 'x'.repeat(5_000), '数'.repeat(3_000)],
  ],
};

const FAMILIES = Object.keys(HOSTILE) as TypeFamily[];

/** That equal values have the same text on both engines, and different ones are told. */
export function reconcileSuite(openLeft: () => Promise<SampleSource>, openRight: () => Promise<SampleSource>): void {
  let left: SampleSource;
  let right: SampleSource;
  beforeAll(async () => {
    left = await openLeft();
    right = await openRight();
  });
  afterAll(async () => {
    await left.close();
    await right.close();
  });

  const tables = async (
    family: TypeFamily,
    here: readonly (readonly SampleValue[])[],
    there: readonly (readonly SampleValue[])[],
  ) => {
    const [id, value] = ['编号 "id"', `值 ${family}`];
    const columns = (...names: [string, string]) => [
      { name: names[0], typeFamily: 'integer' as const },
      { name: names[1], typeFamily: family },
    ];
    const definition: Definition = {
      keys: [{ left: id, right: 'k' }],
      columns: [{ left: value, right: "v'alue" }],
      checks: [{ kind: 'row_count' }, { kind: 'keys' }],
    };
    return [
      sideOf(left, await left.add(columns(id, value), here), [id]),
      sideOf(right, await right.add(columns('k', "v'alue"), there)),
      definition,
    ] as const;
  };

  it.each(FAMILIES)('writes equal values of %s alike', async (family) => {
    const values = [...HOSTILE[family]!, null].map((value, at) => [at + 1, value] as const);
    const [here, there, definition] = await tables(family, values, values.toReversed());
    const found = await compare(definition, here, there);
    expect(found.keys).toMatchObject({ differingBuckets: 0, complete: true, uniqueBy: 'left' });
    expect(found).toMatchObject({ verdict: 'agrees', leftRows: String(values.length), breaks: [] });
    expect(found.sent).toHaveLength(2);
  });

  it.each(FAMILIES)('tells different values of %s', async (family) => {
    // Each value against the next; the last against nothing.
    const values: readonly SampleValue[] = [...HOSTILE[family]!, null];
    const same = (one: SampleValue, other: SampleValue) =>
      one === other || (family === 'float' && one !== null && other !== null && Number(one) === Number(other));
    const pairs = values.map((value, at) => [value, values[(at + 1) % values.length]!] as const);
    const differing = pairs.flatMap(([one, other], at) => (same(one, other) ? [] : [String(at + 1)]));
    const [here, there, definition] = await tables(
      family,
      pairs.map(([value], at) => [at + 1, value]),
      pairs.map(([, value], at) => [at + 1, value]),
    );
    const { breaks } = await compare(definition, here, there);
    expect(breaks.map(({ kind, key }) => [kind, key[0]]).toSorted()).toEqual(
      differing.map((key) => ['value_differs', key]).toSorted(),
    );
  });

  it('a value that is there is another one as a key', async () => {
    const keys = HOSTILE.text!.filter((key) => String(key).length < 1_000);
    const columns = [{ name: 'k', typeFamily: 'text' as const }];
    const [here, there] = [
      sideOf(
        left,
        await left.add(
          columns,
          keys.map((key) => [key]),
        ),
      ),
      sideOf(
        right,
        await right.add(
          columns,
          keys.map((key) => [key]),
        ),
        ['k'],
      ),
    ];
    const found = await compare({ keys: [{ left: 'k' }], checks: [{ kind: 'keys' }] }, here, there);
    expect(found).toMatchObject({ verdict: 'agrees', leftRows: String(keys.length), keys: { differingBuckets: 0 } });
    const counted = await compare(
      { keys: [{ left: 'k' }], checks: [{ kind: 'keys' }] },
      unvouched(here),
      unvouched(there),
    );
    expect(counted).toMatchObject({ verdict: 'agrees', keys: { differingBuckets: 0, uniqueBy: 'counted' } });
  });

  it('finds exactly what differs between random tables', async () => {
    const text = fc.oneof(
      fc.constantFrom('', ' ', "'", '张', '😀', 'a ', '1:'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const value = fc.oneof(
      fc.constant(null),
      text.filter((one) => !/\u0000|\p{Surrogate}/u.test(one)),
    );
    const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 40 }), value), {
      maxLength: 30,
      selector: ([k]) => k,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, async (one, other) => {
        const [here, there, definition] = await tables('text', one, other);
        const { breaks } = await compare(definition, here, there);
        const [a, b] = [new Map(one), new Map(other)];
        const expected = [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
          if (!a.has(key)) return [['missing_left', String(key)]];
          if (!b.has(key)) return [['missing_right', String(key)]];
          return a.get(key) === b.get(key) ? [] : [['value_differs', String(key)]];
        });
        expect(breaks.map(({ kind, key }) => [kind, key[0]]).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 12 },
    );
  });
}
