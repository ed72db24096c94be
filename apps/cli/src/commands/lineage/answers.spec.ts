import { differenceLines } from './changes.js';
import { coverageFacts } from './coverage.js';
import { type ImpactedDataset, impactLines } from './impact.js';
import { pathLines } from './paths.js';
import { aGraph, anEdge } from './testing/a-graph.js';
import { toldOf } from './told.js';
import { momentOf, timesShown } from './when.js';

const NOW = '2026-06-30T00:00:00.000Z';
const TIMES = { asOf: NOW, knownAt: NOW, freshAsOf: NOW };

describe('moments', () => {
  it.each<[string, Date]>([
    ['2026-06-30', new Date(2026, 5, 30)],
    ['2026-06-30 18:00', new Date(2026, 5, 30, 18)],
    ['2026-06-30T18:00:05', new Date(2026, 5, 30, 18, 0, 5)],
    ['2024-02-29', new Date(2024, 1, 29)],
    ['2026-06-30T23:59:59+08:00', new Date(Date.UTC(2026, 5, 30, 15, 59, 59))],
    ['2026-06-30 15:59:59Z', new Date(Date.UTC(2026, 5, 30, 15, 59, 59))],
  ])('%s', (text, moment) => {
    expect(momentOf(text)).toBe(moment.toISOString());
  });

  it.each(['', 'yesterday', '2026-02-30', '2026-13-01', '30.06.2026', '2026-06-30 25:00', '2026-06-30T99:00:00Z'])(
    'refuses %j',
    (text) => {
      expect(() => momentOf(text)).toThrow('is no time. Write for instance 2026-06-30');
    },
  );

  it('says now, and both times where one was asked for', () => {
    expect(timesShown(TIMES)).toMatch(/^As of now \(2026-0.*\)\.$/);
    const then = new Date(2026, 4, 31).toISOString();
    expect(timesShown({ ...TIMES, asOf: then })).toMatch(/^As of 2026-05-31 00:00:00, known as of now \(2026-/);
    expect(timesShown({ ...TIMES, knownAt: then })).toMatch(/^As of now \(.*\), known as of 2026-05-31 00:00:00\.$/);
  });
});

describe('what is told beside a tree', () => {
  const graph = aGraph(['t#x'], ['a#x > t#x']);

  it.each<[string, object, string[]]>([
    ['nothing, where the answer is whole', {}, []],
    [
      'pages that were not read',
      { totalCount: 7 },
      ['Stopped after 2 of 7 nodes, near ones first; more with --limit.'],
    ],
    [
      'where it was cut',
      { truncated: true, frontier: graph.nodes },
      ['Cut: it goes on from t#x, a#x. More with --depth.'],
    ],
    [
      'gaps',
      { coarse: [{ from: graph.nodes[1], to: graph.nodes[0] }] },
      ['Gaps: 1 flow is known only between datasets, not by column: a#x → t#x. See them with --level dataset.'],
    ],
    [
      'what was not understood, and the command that lists it',
      { notUnderstood: 2 },
      [
        '2 statements were not wholly understood, so something may be missing: plumbline lineage not-understood "数仓".',
      ],
    ],
  ])('%s', (_, more, told) => {
    expect(toldOf({ ...graph, ...more })).toEqual(told);
  });
});

describe('impact', () => {
  const dataset = (more: Partial<ImpactedDataset>): ImpactedDataset => ({
    ...{ namespace: 'n', qualifiedName: 'dwd.loan', sourceName: '数仓', owner: '', domain: '', distance: 1 },
    ...{ isJob: false, coarse: false, rows: false, columns: [] },
    ...more,
  });
  const loan = dataset({
    columns: [
      { name: '余额', direct: true },
      { name: 'state', direct: false },
    ],
  });
  const report = dataset({
    ...{ qualifiedName: 'ads.report', owner: '风险部', distance: 2, rows: true },
    columns: [
      { name: 'a', direct: true },
      { name: 'b', direct: false },
    ],
  });
  const impact = {
    ...{ ...TIMES, columns: 4, truncated: false, datasets: [loan, report] },
    byOwner: [
      { name: '风险部', columns: 2, datasets: [report] },
      { name: '', columns: 2, datasets: [loan] },
    ],
    ...{ reports: [], rules: [] },
    byDomain: [{ name: '', columns: 4, datasets: [loan, report] }],
    ...{ reports: [], rules: [] },
  };
  const head = [
    '2 datasets with 4 columns depend on it.',
    '  by owner   风险部 (1 dataset, 2 columns); (nobody has said) (1 dataset, 2 columns)',
    '  by domain  (nobody has said) (2 datasets, 4 columns)',
    '',
  ];

  it('by dataset: counts first', () => {
    expect(impactLines(impact, 'dataset')).toEqual([
      ...head,
      'dwd.loan    1 step   → 余额, ⇢ state',
      'ads.report  2 steps  ⇢ (all rows), → a',
    ]);
  });
  it('by owner', () => {
    expect(impactLines(impact, 'owner')).toEqual([
      ...head,
      '风险部: 1 dataset, 2 columns',
      '  ads.report  2 steps  ⇢ (all rows), → a',
      '',
      '(nobody has said): 1 dataset, 2 columns',
      '  dwd.loan  1 step  → 余额, ⇢ state',
    ]);
  });
  it('by report and by rule', () => {
    const report = { name: 'npl', label: '不良贷款 NPL', kind: 'dashboard', owner: '风险部', url: 'https://bi/npl' };
    const rule = {
      ...{ nameEn: 'state known', nameZh: '状态', kind: 'in_set', severity: 'S2', datasetName: 'dwd.loan' },
      fields: [{ name: 'state' }],
    };
    const seen = { ...impact, reports: [report], rules: [rule, { ...rule, fields: [], kind: 'row_count' }] };
    expect(impactLines(seen, 'report').slice(3)).toEqual([
      '  reports    不良贷款 NPL',
      '  rules      2 rules will see it',
      '',
      '不良贷款 NPL  dashboard  风险部  https://bi/npl',
    ]);
    expect(impactLines(seen, 'rule').slice(6)).toEqual([
      'dwd.loan#state  in_set     S2  状态 / state known',
      'dwd.loan        row_count  S2  状态 / state known',
    ]);
    expect(impactLines(impact, 'rule').at(-1)).toBe('No quality rule in use looks at it.');
    expect(impactLines(impact, 'report').at(-1)).toBe('No report is known to show it.');
  });
  it('jobs and datasets of which no column is known', () => {
    const some = [dataset({ qualifiedName: 'etl', isJob: true, coarse: true }), dataset({ coarse: true })];
    expect(impactLines({ ...impact, datasets: some }, 'dataset').slice(4)).toEqual([
      'job etl   1 step',
      'dwd.loan  1 step  → (columns not known)',
    ]);
  });
  it('nothing', () => {
    expect(impactLines({ ...impact, datasets: [] }, 'owner')).toEqual([
      '',
      'Nothing that the catalog knows of depends on it.',
    ]);
  });
});

describe('paths', () => {
  it('each as a block, with the script of each step', () => {
    const { nodes, edges } = aGraph(['a#x'], ['a#x > b#x', 'b#x > c#x', 'a#x ~ c'], {});
    const paths = [{ nodes: ['a#x', 'b#x', 'c#x'] }, { nodes: ['a#x', 'c', 'c#x'] }];
    expect(pathLines({ ...TIMES, nodes, edges, paths, truncated: false })).toEqual([
      '',
      'Path 1, 2 steps',
      '  a#x',
      '    → b#x  identity  a.sql:1',
      '    → c#x  identity  a.sql:1',
      '',
      'Path 2, 2 steps',
      '  a#x',
      '    ⇢ c    filter    a.sql:1',
      '    ⇢ c#x  its rows',
    ]);
  });
  it('none', () => {
    expect(pathLines({ ...TIMES, nodes: [], edges: [], paths: [], truncated: false })).toEqual([
      '',
      'No data gets there by any way that the catalog knows of.',
    ]);
  });
});

describe('a difference', () => {
  const { nodes } = aGraph(['t#x'], ['a#x > t#x', 'b#x > t#x', 'a#x > t#y']);
  const same = { nodes, added: [], removed: [], unchanged: 0, truncated: false, from: TIMES, to: TIMES };

  it('what went and what came, together by what they feed', () => {
    const added = [anEdge({ from: 'b#x', to: 't#x', expression: 'max(x)', subtype: 'AGGREGATION' })];
    const removed = [
      anEdge({ from: 'a#x', to: 't#x' }),
      anEdge({ from: null, to: 't#y', expression: "'余额'", type: 'DIRECT', subtype: null }),
    ];
    expect(differenceLines({ ...same, added, removed, unchanged: 3 }).slice(3)).toEqual([
      '- t#x  ← a#x     identity     a.sql:1',
      '+ t#x  ← b#x     aggregation  a.sql:1  max(x)',
      "- t#y  ← '余额'  generated    a.sql:1",
      '',
      '1 edge came, 2 edges went, 3 edges stayed.',
    ]);
  });
  it.each([
    [0, 'There was no lineage then, and there is none now.'],
    [1, 'No difference; 1 edge both times.'],
  ])('none, with %i edges both times', (unchanged, sentence) => {
    expect(differenceLines({ ...same, unchanged }).at(-1)).toBe(sentence);
  });
});

it('coverage in words', () => {
  const none = { total: 0, withLineage: 0 };
  expect(
    coverageFacts({
      ...{
        views: { total: 3, withLineage: 2 },
        routines: none,
        tables: none,
        columns: { total: 200, withLineage: 199 },
      },
      ...{ unread: 0, notUnderstoodCount: 1 },
      statements: [
        { origin: 'QUERY_LOG', status: 'OK', count: 5 },
        { origin: 'QUERY_LOG', status: 'OPAQUE', count: 1 },
      ],
    }),
  ).toEqual({
    Views: '2 of 3 (66 %)',
    'Routines that move data': 'none',
    'Tables that anything feeds': 'none',
    'Columns with an origin': '199 of 200 (99 %)',
    'Statements: query log': '5 ok, 1 opaque',
    'Not understood': 1,
  });
});
