import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import { asCsv } from './as-csv.js';
import { asJunit } from './as-junit.js';
import { exitCodeOfResults } from './format.js';
import { type ToldResult } from './told-result.js';

const one = (more: Partial<ToldResult> = {}): ToldResult => ({
  ...{ name: 'n', kind: 'not_null', dataset: 'loan', columns: ['a'], severity: 'S2', status: 'pass', metrics: {} },
  sentence: 'All is well.',
  ...more,
});

interface XmlElement {
  readonly name: string;
  readonly attr: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads XML strictly: a sign that is not of the grammar is a fault. */
function readXml(xml: string): XmlElement {
  expect(xml).not.toMatch(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const signs: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    '#10': '\n',
    '#9': '\t',
  };
  const plain = (text: string) =>
    text.replace(/&([^;]*);?/g, (_, name: string) => {
      if (!(name in signs)) throw new Error(`&${name}; is nothing`);
      return signs[name]!;
    });
  const top: XmlElement = { name: '', attr: {}, children: [], text: '' };
  const open = [top];
  const token = /<\?xml[^>]*\?>|<(\/?)([a-z-]+)((?:\s[a-z]+="[^<"]*")*)(\/?)>|([^<>]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const [whole, closes, name, attributes = '', empty, text] = token.exec(xml) ?? [];
    if (whole === undefined) throw new Error(`ill-formed at ${xml.slice(at, at + 40)}`);
    if (text !== undefined) open.at(-1)!.text += plain(text);
    else if (closes === '/') expect(open.pop()!.name).toBe(name);
    else if (name !== undefined) {
      const attr = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(
        ([, key, value]) => [key, plain(value!)] as const,
      );
      expect(new Set(attr.map(([key]) => key)).size).toBe(attr.length);
      const element: XmlElement = { name, attr: Object.fromEntries(attr), children: [], text: '' };
      open.at(-1)!.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  expect(open).toEqual([top]);
  expect(top.children).toHaveLength(1);
  return top.children[0]!;
}

const casesOf = (results: readonly ToldResult[]): XmlElement[] =>
  readXml(asJunit({ name: 'r', results })).children.flatMap(({ children }) => children);

describe('JUnit XML', () => {
  it.each<[ToldResult['status'], string | undefined]>([
    ['pass', undefined],
    ['warn', 'system-out'],
    ['fail', 'failure'],
    ['error', 'error'],
    ['skipped', 'skipped'],
    ['not_evaluated', 'skipped'],
  ])('%s is %s', (status, tag) => {
    const [found] = casesOf([one({ status, sentence: 'why' })]);
    const inside = found!.children;
    expect(inside.map(({ name }) => name)).toEqual(tag === undefined ? [] : [tag]);
    if (tag !== undefined) expect(`${inside[0]!.attr['message'] ?? ''}${inside[0]!.text}`).toContain('why');
  });

  it('counts in every suite and over all', () => {
    const statuses = ['pass', 'fail', 'error', 'skipped', 'not_evaluated', 'warn'] as const;
    const results = statuses.map((status, at) => one({ status, dataset: at < 3 ? 'a' : 'b' }));
    const document = readXml(asJunit({ name: 'r', results }));
    expect(document.attr).toMatchObject({ tests: '6', failures: '1', errors: '1', skipped: '2' });
    expect(document.children.map(({ attr }) => [attr['name'], attr['tests'], attr['skipped']])).toEqual([
      ['a', '3', '0'],
      ['b', '3', '2'],
    ]);
  });

  it.each([
    '<script>&"\'',
    ']]><!-- -->',
    '贷款 😀\n第二行\t尾',
    'bell\u0007 null\u0000 half\ud83d end\ufffe',
    '\r\nx\u001b[31m',
  ])('a rule called %j is well-formed and keeps what XML can have', (name) => {
    const [found] = casesOf([one({ name, status: 'fail', sentence: name, dataset: name })]);
    const kept = name
      .replace(/\r\n?/g, '\n')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe]|[\ud800-\udbff](?![\udc00-\udfff])/g, '\ufffd');
    expect(found!.attr['name']).toBe(kept);
    expect(found!.children[0]!.attr['message']).toBe(kept);
  });

  it('rules of one name stay two cases', () => {
    expect(casesOf([one(), one(), one({ name: 'n (2)' })]).map(({ attr }) => attr['name'])).toEqual([
      'n',
      'n (2)',
      'n (2) (2)',
    ]);
  });

  it('has the seconds that a rule took', () => {
    const times = { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.250Z' };
    expect(casesOf([one(times)])[0]!.attr['time']).toBe('1.250');
    expect(asJunit({ name: 'r', results: [one(times)] })).toContain('timestamp="2026-01-01T00:00:00"');
  });
});

it('CSV is read back as it was, and is no formula', async () => {
  const names = ['a,b"c\n d', '=1+1', '贷款 😀', '@x'];
  const path = join(await mkdtemp(join(tmpdir(), 'plumbline-results-')), 'r.csv');
  writeFileSync(path, asCsv({ id: 'run', name: 'r', results: names.map((name) => one({ name, violations: '3' })) }));
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(
    `SELECT name, violations, "columns" FROM read_csv('${path}', header = true, all_varchar = true, quote = '"', delim = ',')`,
  );
  connection.closeSync();
  expect(reader.getRows()).toEqual([
    ['a,b"c\n d', '3', 'a'],
    ["'=1+1", '3', 'a'],
    ['贷款 😀', '3', 'a'],
    ["'@x", '3', 'a'],
  ]);
});

it.each<[readonly ToldResult['status'][], number]>([
  [[], 0],
  [['pass', 'warn', 'skipped', 'not_evaluated'], 0],
  [['pass', 'fail', 'error'], 3],
  [['pass', 'error'], 4],
])('%j ends with %d', (statuses, code) => {
  expect(exitCodeOfResults(statuses.map((status) => ({ status })))).toBe(code);
});
