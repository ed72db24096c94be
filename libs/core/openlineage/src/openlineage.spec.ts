import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  type Flow,
  joinFlows,
  jsonFaultAt,
  linkKey,
  linksOf,
  type Mode,
  normalName,
  normalNamespace,
  type Observation,
  readEvent,
  type ReadEvent,
  redact,
  type RefusedEvent,
  timelineOf,
  withinWindow,
} from './index.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const base = {
  eventTime: '2026-02-28T23:00:00Z',
  producer: 'https://etl.bank.example/scheduler',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
};
const facet = { _producer: base.producer, _schemaURL: 'https://etl.bank.example/facet.json' };
const table = (name: string, facets: object = {}) => ({ namespace: 'postgres://dwh:5432', name, facets });
const runEvent = (more: object = {}) => ({
  ...base,
  ...{ eventType: 'COMPLETE', run: { runId: '0195a000-0000-7000-8000-000000000001' } },
  ...{ job: { namespace: 'etl', name: 'load' }, inputs: [table('ods.loan')], outputs: [table('dwd.loan')] },
  ...more,
});
const read = (event: unknown, mode: Mode = 'strict') => readEvent(event, mode, NOW);
const accepted = (event: unknown, mode: Mode = 'strict'): ReadEvent => {
  const found = read(event, mode);
  if ('refused' in found) throw new Error(JSON.stringify(found.refused));
  return found;
};
const edges = (flow: Flow) =>
  linksOf(flow)
    .map(({ from, to, type, subtype }) => {
      const end = ({ name, field, job }: typeof from) =>
        `${job ? 'job ' : ''}${name}${field === undefined ? '' : `#${field}`}`;
      return `${end(from)} -> ${end(to)}${type === undefined ? '' : ` ${type}/${subtype ?? ''}`}`;
    })
    .sort();

describe('a text that is not JSON', () => {
  it.each([
    ['{"a": }', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{"a": "b', 6],
    ['[1, 2', 5],
    ['{} x', 3],
    ['{"a": 01}', 7],
  ])('%s stops being JSON at %i', (text, at) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(jsonFaultAt(text)).toBe(at);
  });
});

describe('names', () => {
  it.each([
    ['postgresql://DW.Internal', 'postgres://dw.internal:5432'],
    ['jdbc:postgresql://dw.internal:5432', 'postgres://dw.internal:5432'],
    ['postgres://etl:secret@dw.internal:5432/', 'postgres://dw.internal:5432'],
    ['postgres://dw.internal.:5433', 'postgres://dw.internal:5433'],
    ['mariadb://h', 'mysql://h:3306'],
    ['hdfs://nn1', 'hdfs://nn1:8020'],
    ['hive://hms:9083', 'hive://hms:9083'],
    ['s3a://Bucket', 's3://bucket'],
    ['file:///', 'file'],
    ['file', 'file'],
    ['postgres://[::1]:5432', 'postgres://[::1]:5432'],
    ['bigquery', 'bigquery'],
    ['风险平台', '风险平台'],
  ])('%s is spelled %s', (written, normal) => {
    expect(normalNamespace(written)).toBe(normal);
    expect(normalNamespace(normal)).toBe(normal);
  });

  it.each([
    ['hdfs://nn1:8020', '/warehouse/loan/', '/warehouse/loan'],
    ['file', '/', '/'],
    ['s3://b', '/a/b/', 'a/b'],
    ['postgres://h', 'db.s."t/"', 'db.s."t/"'],
  ])('of %s, %s is %s', (namespace, name, normal) => {
    expect(normalName({ namespace, name }).name).toBe(normal);
  });
});

describe('an event', () => {
  it.each([
    ['no object', [], '', 'strict'],
    ['neither job nor dataset', { ...base }, '', 'strict'],
    ['no time', runEvent({ eventTime: undefined }), '/eventTime', 'strict'],
    ['a time that is none', runEvent({ eventTime: 'yesterday' }), '/eventTime', 'strict'],
    ['a time far ahead', runEvent({ eventTime: '2031-01-01T00:00:00Z' }), '/eventTime', 'strict'],
    ['a time before all events', runEvent({ eventTime: '0001-01-01T00:00:00Z' }), '/eventTime', 'strict'],
    ['a runId that is no UUID', runEvent({ run: { runId: 'run-7' } }), '/run/runId', 'strict'],
    ['an unknown type', runEvent({ eventType: 'DONE' }), '/eventType', 'strict'],
    ['a dataset without a name', runEvent({ inputs: [table('a'), { namespace: 'n' }] }), '/inputs/1/name', 'strict'],
    ['a run without an id', runEvent({ run: {} }), '/run/runId', 'lenient'],
    ['a job without a name', runEvent({ job: { namespace: 'etl' } }), '/job/name', 'lenient'],
    ['a run that is a text', runEvent({ run: 'x' }), '/run', 'lenient'],
  ] as const)('with %s is refused, with the place', (_, event, at, mode) => {
    const { refused } = read(event, mode) as RefusedEvent;
    expect(refused.map((fault) => fault.at)).toContain(at);
  });

  it.each([
    ['a runId that is no UUID', runEvent({ run: { runId: 'run-7' } }), '/run/runId'],
    ['no time', runEvent({ eventTime: undefined }), '/eventTime'],
    ['a time far ahead', runEvent({ eventTime: '2031-01-01T00:00:00Z' }), '/eventTime'],
    ['a producer that is no URI', runEvent({ producer: 'cron' }), '/producer'],
    ['a dataset without a name', runEvent({ inputs: [table('ods.loan'), { namespace: 'n' }] }), '/inputs/1/name'],
  ])('with %s is kept in lenient mode, with a remark', (_, event, at) => {
    const { facts, remarks } = accepted(event, 'lenient');
    expect(remarks.map((remark) => remark.at)).toContain(at);
    expect(edges(facts.flow)).toEqual(['ods.loan -> dwd.loan']);
    expect(facts.time <= NOW).toBe(true);
  });

  it('keeps facets that nobody knows, and remarks on those that lack what all have', () => {
    const { event, remarks } = accepted(
      runEvent({ job: { namespace: 'etl', name: 'load', facets: { 我们的: { 负责人: '张三' }, text: 'x' } } }),
    );
    expect(event).toMatchObject({ job: { facets: { 我们的: { 负责人: '张三' }, text: 'x' } } });
    expect(remarks).toEqual([
      { at: '/job/facets/我们的/_producer', message: 'is missing' },
      { at: '/job/facets/我们的/_schemaURL', message: 'is missing' },
      { at: '/job/facets/text', message: 'is no facet: a facet is an object' },
    ]);
  });

  it('nested without end is refused', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 5_000; level++) deep = [deep];
    expect(read(runEvent({ more: deep }))).toEqual({
      refused: [{ at: '', message: 'is nested more than 200 levels deep' }],
    });
  });
});

describe('what feeds what', () => {
  const columnLineage = (fields: object, more: object = {}) => ({ columnLineage: { ...facet, fields, ...more } });
  const column = (name: string, field: string, ...transformations: object[]) => ({
    ...{ namespace: 'postgres://dwh:5432', name, field },
    ...(transformations.length > 0 && { transformations }),
  });

  it.each<[string, object, string[]]>([
    [
      'each input feeds each output',
      runEvent({ inputs: [table('a'), table('b')] }),
      ['a -> dwd.loan', 'b -> dwd.loan'],
    ],
    [
      'a table that is read and written feeds itself',
      runEvent({ inputs: [table('dwd.loan')] }),
      ['dwd.loan -> dwd.loan'],
    ],
    [
      'what is dropped is fed by nothing',
      runEvent({ outputs: [table('dwd.loan', { lifecycleStateChange: { ...facet, lifecycleStateChange: 'DROP' } })] }),
      [],
    ],
    [
      'columns by their transformations, the older spelling too',
      runEvent({
        outputs: [
          table(
            'dwd.loan',
            columnLineage({
              金额: {
                inputFields: [
                  column(
                    'ods.loan',
                    'amt',
                    { type: 'DIRECT', subtype: 'AGGREGATION' },
                    { type: 'INDIRECT', subtype: 'FILTER' },
                  ),
                ],
              },
              id: { inputFields: [column('ods.loan', 'id')], transformationType: 'IDENTITY' },
              phone: { inputFields: [column('ods.loan', 'tel')], transformationType: 'MASKED' },
            }),
          ),
        ],
      }),
      [
        'ods.loan -> dwd.loan',
        'ods.loan#amt -> dwd.loan#金额 DIRECT/AGGREGATION',
        'ods.loan#amt -> dwd.loan#金额 INDIRECT/FILTER',
        'ods.loan#id -> dwd.loan#id DIRECT/IDENTITY',
        'ods.loan#tel -> dwd.loan#phone DIRECT/TRANSFORMATION',
      ],
    ],
    [
      'a column that decides about all rows',
      runEvent({
        outputs: [
          table(
            'dwd.loan',
            columnLineage({}, { dataset: [column('ods.loan', 'day', { type: 'INDIRECT', subtype: 'FILTER' })] }),
          ),
        ],
      }),
      ['ods.loan -> dwd.loan', 'ods.loan#day -> dwd.loan INDIRECT/FILTER'],
    ],
    [
      'with explicit lineage nothing is concluded from inputs and outputs',
      runEvent({
        inputs: [table('a'), table('b')],
        outputs: [table('x'), table('y')],
        job: {
          ...{ namespace: 'etl', name: 'load' },
          facets: {
            lineage: {
              ...facet,
              entries: [
                { ...table('x'), type: 'DATASET', inputs: [{ ...table('a'), type: 'DATASET' }] },
                { ...table('y'), type: 'DATASET', inputs: [] },
                { type: 'JOB', inputs: [{ ...table('b'), type: 'DATASET' }] },
                { ...table('z'), type: 'DATASET', inputs: [{ type: 'JOB', namespace: 'etl', name: 'other' }] },
              ],
            },
          },
        },
      }),
      ['a -> x', 'b -> job load', 'job other -> z'],
    ],
    [
      'an output that tells its own lineage, beside one that does not',
      runEvent({
        inputs: [table('a'), table('b')],
        outputs: [
          table('x', {
            lineage: { ...facet, fields: { id: { inputs: [{ ...table('a'), type: 'DATASET', field: 'k' }] } } },
            ...columnLineage({ id: { inputFields: [column('b', 'superseded')] } }),
          }),
          table('y'),
        ],
      }),
      ['a -> x', 'a -> y', 'a#k -> x#id', 'b -> y'],
    ],
    [
      'what gets a new name gets the rows',
      runEvent({
        inputs: [],
        outputs: [
          table('new', {
            lifecycleStateChange: {
              ...facet,
              lifecycleStateChange: 'RENAME',
              previousIdentifier: { namespace: 'postgres://dwh:5432', name: 'old' },
            },
          }),
        ],
      }),
      ['old -> new DIRECT/IDENTITY'],
    ],
  ])('%s', (_, event, expected) => {
    expect(edges(accepted(event).facts.flow)).toEqual(expected);
  });

  const inputs = (count: number) => Array.from({ length: count }, (_, n) => ({ namespace: 'n', name: `t${n}` }));

  it('very many inputs go through the job, and none is left out', () => {
    const { flow } = accepted(runEvent({ inputs: inputs(50_000), outputs: [table('x'), table('y')] })).facts;
    expect(flow.inputs).toHaveLength(50_000);
    expect(linksOf(flow)).toHaveLength(50_002); // into the job, and out of it twice
  });

  it.each(['strict', 'lenient'] as const)(
    'more are refused with their place, before they are looked at: %s',
    (mode) => {
      expect(readEvent(runEvent({ inputs: inputs(1_000_000) }), mode, new Date())).toEqual({
        refused: [{ at: '/inputs', message: 'has 1000000 datasets; one event may have 50000' }],
      });
    },
  );

  it('adds up to the same in whatever order, however often', () => {
    const flow = fc
      .record({
        inputs: fc.subarray(['a', 'b', 'c']),
        outputs: fc.subarray(['x', 'y']),
        columns: fc.subarray(['p', 'q', 'r']),
      })
      .map(
        ({ inputs, outputs, columns }) =>
          accepted(
            runEvent({
              inputs: inputs.map((name) => table(name)),
              outputs: outputs.map((name) =>
                table(
                  name,
                  columnLineage(
                    Object.fromEntries(columns.map((each) => [each, { inputFields: [column('a', each)] }])),
                  ),
                ),
              ),
            }),
          ).facts.flow,
      );
    fc.assert(
      fc.property(flow, flow, flow, (a, b, c) => {
        const one = joinFlows(joinFlows(a, b), c);
        expect(joinFlows(c, joinFlows(b, joinFlows(a, b)))).toEqual(one);
        expect(linksOf(one).map(linkKey)).toEqual(linksOf(joinFlows(one, a)).map(linkKey));
      }),
    );
  });
});

describe('secrets', () => {
  it.each<[string, unknown, unknown]>([
    ['by its name', { 'database.password': 'p', user: 'u' }, { 'database.password': '***', user: 'u' }],
    ['a number too', { pwd: 123456 }, { pwd: '***' }],
    [
      'in a list of assignments',
      ['database.user=u', 'database.password=p'],
      ['database.user=u', 'database.password=***'],
    ],
    ['by the name beside it', { name: 'fs.s3a.secret.key', value: 'x' }, { name: 'fs.s3a.secret.key', value: '***' }],
    [
      'everything under such a name',
      { credentials: { a: ['b'], on: true } },
      { credentials: { a: ['***'], on: true } },
    ],
    ['in an address', 'jdbc:mysql://etl:p@ss@h/db', 'jdbc:mysql://etl:***@h/db'],
    ['after a flag', ['--password', 'x', '--table', 't'], ['--password', '***', '--table', 't']],
    ['in a command', 'sqoop --password hunter2 --table t', 'sqoop --password *** --table t'],
    ['in a header', { Authorization: 'Bearer abc' }, { Authorization: '***' }],
    ['a token anywhere', 'call eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln now', 'call *** now'],
    [
      'of SQL, literals only',
      { query: "create user u identified by 'x'; select 1 where a.token = b.token" },
      { query: 'create user u identified by ***; select 1 where a.token = b.token' },
    ],
    ['not a count of tokens', { max_tokens: 100, tokens: 3 }, { max_tokens: 100, tokens: 3 }],
    ['not a switch', { passwordRequired: true, token: null }, { passwordRequired: true, token: null }],
    [
      'not a column of that name',
      {
        schema: { fields: [{ name: 'password', type: 'text' }] },
        columnLineage: { fields: { password: { inputFields: [] } } },
      },
      {
        schema: { fields: [{ name: 'password', type: 'text' }] },
        columnLineage: { fields: { password: { inputFields: [] } } },
      },
    ],
    ['and what the database cannot keep', { 'a\0': 'b\0\ud800' }, { 'a\uFFFD': 'b\uFFFD\uFFFD' }],
  ])('are taken out: %s', (_, given, expected) => {
    expect(redact(given)).toEqual(expected);
  });

  it('keeps a key that would be a prototype as what it is', () => {
    const copy = redact(JSON.parse('{"__proto__": {"x": 1}, "a": 1}'));
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"x":1},"a":1}');
  });
});

describe('the timeline', () => {
  const run = (at: number, edgeNames: string, complete = true, until = at): Observation => ({
    ...{ at, until, complete },
    edges: new Set(edgeNames.split('')),
  });
  const told = (observations: Observation[], dropped?: Parameters<typeof timelineOf>[1]) =>
    Object.fromEntries(
      [...timelineOf(observations, dropped)].map(([edge, all]) => [
        edge,
        all.map(({ from, to }) => `${from}–${to}`).join(' '),
      ]),
    );

  it.each<[string, Observation[], Record<string, string>]>([
    ['runs that say the same', [run(1, 'a'), run(2, 'a')], { a: '1–Infinity' }],
    ['a run that no longer says it', [run(1, 'ab'), run(5, 'a')], { a: '1–Infinity', b: '1–5' }],
    ['said again later', [run(1, 'a'), run(2, 'b'), run(3, 'a')], { a: '1–2 3–Infinity', b: '2–3' }],
    ['a failed run ends nothing', [run(1, 'a'), run(2, 'b', false)], { a: '1–Infinity', b: '2–Infinity' }],
    ['two at once: the later counts', [run(1, 'a'), run(1, 'b')], { b: '1–Infinity' }],
  ])('%s', (_, observations, expected) => {
    expect(told(observations)).toEqual(expected);
  });

  it('ends at a drop, until it is named again; a run across the drop had the dataset after it', () => {
    expect(told([run(1, 'a'), run(9, 'a')], () => [4])).toEqual({ a: '1–4 9–Infinity' });
    expect(told([run(1, 'a', true, 6)], () => [4])).toEqual({ a: '1–Infinity' });
    expect(told([run(1, 'a')], () => [4, 5])).toEqual({ a: '1–4' });
  });

  it('told window by window, is the one that is told at once', () => {
    const runs = fc.array(
      fc.record({ at: fc.integer({ min: 1, max: 9 }), edges: fc.subarray(['a', 'b']), complete: fc.boolean() }),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(runs, (given) => {
        // As the store does: each arrives, and only the span between its complete neighbours is told anew.
        const kept = new Map<string, readonly { from: number; to: number }[]>();
        const heard: Observation[] = [];
        const sorted = () => [...heard].sort((a, b) => a.at - b.at);
        for (const { at, edges: names, complete } of given) {
          heard.push({ at, until: at, complete: complete && names.length > 0, edges: new Set(names) });
          const lasting = heard.filter((one) => one.complete).map((one) => one.at);
          const window = {
            from: Math.max(-Infinity, ...lasting.filter((time) => time < at)),
            to: Math.min(Infinity, ...lasting.filter((time) => time > at)),
          };
          const within = timelineOf(sorted().filter((one) => one.at >= window.from && one.at <= window.to));
          for (const edge of ['a', 'b'])
            kept.set(edge, withinWindow(kept.get(edge) ?? [], within.get(edge) ?? [], window));
        }
        const whole = timelineOf(sorted());
        for (const edge of ['a', 'b']) expect(kept.get(edge) ?? []).toEqual(whole.get(edge) ?? []);
      }),
    );
  });
});
