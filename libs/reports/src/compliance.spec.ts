import { writeFileSync } from 'node:fs';

import { readSheet } from 'read-excel-file/node';
import { extractText, getDocumentProxy } from 'unpdf';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, InvalidInput, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { QualityModule } from '#quality';
import {
  CheckReport,
  type Language,
  MakeReport,
  type MakeReportWish,
  type Report,
  type ReportFormat,
  Reports,
  ReportsModule,
} from '#reports';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import {
  dice,
  type History,
  type HistoryResult,
  type HistoryRule,
  type HistoryVersion,
  keepResults,
  randomHistory,
} from '../../../test/support/random-history.js';

const actor = systemActor('合规 "officer" <b>');
const timeZone = 'Asia/Shanghai';
const FROM = new Date('2026-01-03T05:00:00Z');
const TO = new Date('2026-04-20T03:30:00Z');
const SAMPLED = 1_000;
const STATUSES = ['pass', 'warn', 'fail', 'error', 'not_evaluated', 'skipped'];
const DIMENSIONS = ['validity', 'completeness', 'accuracy', 'uniqueness'];
const WEIGHTS: Readonly<Record<string, number>> = { S1: 5, S2: 3, S3: 2, S4: 1 };
const china = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

describe('reports of a random history', () => {
  const clock = new FixedClock(TO);
  let context: TestContext;
  let reports: Reports;
  let db: DataSource;
  let history: History;

  beforeAll(async () => {
    context = await testContext(
      [DictionaryModule, QualityModule, ReportsModule],
      [...sourcesEntities, ...dictionaryEntities],
      clock,
    );
    reports = context.app.get(Reports);
    db = context.app.get(DataSource);
    history = await randomHistory(db, { rules: 40, from: FROM, to: TO, runs: 150, seed: 11 });
    await db.query(`UPDATE sources.source SET domain = '信贷' WHERE id = $1`, [history.sourceIds[0]]);
  });
  afterAll(() => context.stop());

  const call = () => ({ actor, signal: new AbortController().signal, progress: () => undefined });
  async function make(
    wish: Partial<MakeReportWish>,
    language: Language = 'en',
    formats: readonly ReportFormat[] = ['html'],
  ) {
    const { id } = await reports.make(actor, {
      ...{ from: '2026-02-01', to: '2026-03-31', timeZone, language, formats },
      ...wish,
    });
    return context.app.get(MakeReport).make(id, call());
  }
  const contentOf = async ({ id }: Report, format: string): Promise<Buffer> => (await reports.file(id, format)).content;
  async function figuresOf(report: Report): Promise<Map<string, string>> {
    const page = (await contentOf(report, 'html')).toString('utf8');
    return new Map(
      [...page.matchAll(/data-figure="([^"]*)">([^<]*)</g)].map(([, name = '', value = '']) => [name, value]),
    );
  }
  const check = (report: Report) => context.app.get(CheckReport).check(report.id);

  /** Any number of a report, told by its name from raw results alone, without a line of the code that made it. */
  function derive(
    name: string,
    start: number,
    end: number,
    about: (rule: HistoryRule, version: HistoryVersion) => boolean,
  ) {
    const versionAt = (rule: HistoryRule, before: number) => rule.versions.findLast(({ madeAt }) => madeAt < before);
    const within = history.rules.filter((rule) => {
      const version = versionAt(rule, end);
      return (
        rule.createdAt < end && (rule.retiredAt === null || rule.retiredAt >= start) && version && about(rule, version)
      );
    });
    const ids = new Set(within.map(({ id }) => id));
    const inPeriod = history.results
      .filter(({ ruleId, finishedAt }) => ids.has(ruleId) && finishedAt >= start && finishedAt < end)
      .sort((a, b) => a.finishedAt - b.finishedAt || (a.id < b.id ? -1 : 1));
    const versions = new Map(
      history.rules.flatMap((rule) => rule.versions.map((version) => [version.id, version] as const)),
    );
    const count = (which: (result: HistoryResult) => boolean) => String(inPeriod.filter(which).length);
    const scores = (at: number, which: (rule: HistoryRule, version: HistoryVersion) => boolean) => {
      let [planned, evaluated, weight, weighted, failedS1] = [0, 0, 0, 0, 0];
      for (const rule of history.rules) {
        const version = rule.versions.findLast(({ madeAt }) => madeAt <= at);
        if (rule.createdAt > at || (rule.retiredAt !== null && rule.retiredAt <= at)) continue;
        if (!version?.enabled || !about(rule, version) || !which(rule, version)) continue;
        planned++;
        const told = history.results
          .filter(({ ruleId, finishedAt, status }) => ruleId === rule.id && finishedAt <= at && status !== 'skipped')
          .sort((a, b) => a.finishedAt - b.finishedAt || (a.id < b.id ? -1 : 1));
        if (['pass', 'warn', 'fail'].includes(told.at(-1)?.status ?? '')) evaluated++;
        const verdict = told.findLast(({ status }) => status !== 'error');
        if (!verdict || verdict.status === 'not_evaluated') continue;
        const { severity } = versions.get(verdict.versionId)!;
        weight += WEIGHTS[severity]!;
        weighted +=
          WEIGHTS[severity]! *
          (verdict.checked ? 1 - verdict.violations! / verdict.checked : verdict.status === 'fail' ? 0 : 1);
        if (severity === 'S1' && verdict.status === 'fail') failedS1++;
      }
      return { planned, evaluated, failedS1, score: weight === 0 ? null : weighted / weight };
    };
    const percent = (share: number | null) => (share === null ? 'not measured' : `${(share * 100).toFixed(2)} %`);
    const [of = '', ...rest] = name.split(':');
    const key = rest.join(':');
    const everything = () => true;
    const groupOf = (one: string): Parameters<typeof scores>[1] => {
      const [group = '', ...name] = one.split(':');
      const value = name.join(':');
      switch (group) {
        case 'dataset':
          return ({ datasetId }) => datasetId === value;
        case 'source':
          return ({ datasetId }) => sourceOf.get(datasetId) === value;
        case 'owner':
          return (_, { owner }) => owner === value;
        case 'domain':
          return ({ datasetId }) => (sourceOf.get(datasetId) === history.sourceIds[0]) === (value === '信贷');
        default:
          return DIMENSIONS.includes(one) ? (_, { dimension }) => dimension === one : everything;
      }
    };
    const momentOf = (one: string): number =>
      /^\d{4}-\d\d-\d\d$/.test(one)
        ? Math.min(end, Date.parse(`${one}T00:00:00+08:00`) + 7 * 86_400_000) - 1 // this report is told by weeks
        : end - 1;
    const lastOf = (ruleId: string) => inPeriod.findLast((result) => result.ruleId === ruleId);
    switch (of) {
      case 'runs':
        return String(new Set(inPeriod.map(({ runId }) => runId)).size);
      case 'results':
        return count(everything);
      case 'status':
        return count(({ status }) => status === key);
      case 'run':
        return count(({ runId, status }) => `${runId}:${status}` === key);
      case 'failures':
        return count(({ ruleId, status }) => status === 'fail' && (ruleId === key || key === 'not_null'));
      case 'failedRules':
        return String(new Set(inPeriod.filter(({ status }) => status === 'fail').map(({ ruleId }) => ruleId)).size);
      case 'violations':
        return String(lastOf(key)?.violations ?? '–');
      case 'checked':
        return String(lastOf(key)?.checked ?? '–');
      case 'last':
        return lastOf(key)?.status ?? 'did not run in this period';
      case 'score': {
        if (key === '') return percent(scores(end - 1, everything).score);
        const { score, failedS1 } = scores(momentOf(key), /^\d{4}-/.test(key) ? everything : groupOf(key));
        const capped = key.startsWith('dataset:') && failedS1 > 0 && score !== null && score > 0.59;
        return capped ? `59.00 % (otherwise ${percent(score)})` : percent(score);
      }
      case 'coverage': {
        const { planned, evaluated } = scores(momentOf(key), /^\d{4}-/.test(key) ? everything : groupOf(key));
        const told = percent(planned === 0 ? null : evaluated / planned);
        return key === '' ? `${told} (${evaluated} / ${planned})` : told;
      }
      case 'planned':
      case 'evaluated':
      case 'failedS1':
        return String(scores(momentOf(key), /^\d{4}-/.test(key) ? everything : groupOf(key))[of]);
      default:
        if (DIMENSIONS.includes(of))
          return count(({ versionId, status }) => versions.get(versionId)!.dimension === of && status === key);
        if (/^\d{4}-\d\d-\d\d$/.test(of))
          return count(({ finishedAt, status }) => china(finishedAt) === of && status === key);
        return undefined;
    }
  }
  const sourceOf = new Map<string, string>();
  const words: Readonly<Record<string, string>> = {
    ...{
      Pass: 'pass',
      Warning: 'warn',
      Fail: 'fail',
      Error: 'error',
      'Nothing to check': 'not_evaluated',
      Skipped: 'skipped',
    },
  };
  const unescaped = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');

  it(`${SAMPLED} sampled numbers are those that raw results give`, async () => {
    for (const { id, source_id: sourceId } of await rows<{ id: string; source_id: string }>(
      db,
      'SELECT id, source_id FROM dictionary.dataset',
    ))
      sourceOf.set(id, sourceId);
    const start = Date.parse('2026-02-01T00:00:00+08:00');
    const end = Date.parse('2026-04-01T00:00:00+08:00');
    const wishes: [Partial<MakeReportWish>, Parameters<typeof derive>[3]][] = [
      [{}, () => true],
      [{ sourceId: history.sourceIds[0]! }, ({ datasetId }) => sourceOf.get(datasetId) === history.sourceIds[0]],
      [{ owner: '张三' }, (_, { owner }) => owner === '张三'],
      [{ domain: '信贷' }, ({ datasetId }) => sourceOf.get(datasetId) === history.sourceIds[0]],
    ];
    const all: [string, string, string | undefined][] = [];
    for (const [wish, about] of wishes)
      for (const [name, value] of await figuresOf(await make(wish)))
        all.push([name, words[value] ?? unescaped(value), derive(unescaped(name), start, end, about)]);
    const known = all.filter(([, , derived]) => derived !== undefined);
    // Incidents are told from events; there are none in this history.
    expect(all.filter(([, , derived]) => derived === undefined)).toEqual([]);
    expect(known.length).toBeGreaterThan(SAMPLED);
    const roll = dice(5);
    const sampled = Array.from({ length: SAMPLED }, () => known[Math.floor(roll() * known.length)]!);
    expect(sampled.map(([name, value]) => `${name} ${value}`)).toEqual(
      sampled.map(([name, , derived]) => `${name} ${derived}`),
    );
    const kinds = new Set(sampled.map(([name]) => name.split(':')[0]));
    for (const kind of ['score', 'coverage', 'planned', 'run', 'violations', 'completeness', 'last', '2026-02-10'])
      expect(kinds).toContain(kind);
  });

  it('a report for a past time tells what was known then, and is the same when it is made again', async () => {
    const knownAt = new Date('2026-03-05T04:00:00Z');
    const first = await make({ knownAt });
    const figures = await figuresOf(first);
    const end = knownAt.getTime() + 1;
    const start = Date.parse('2026-02-01T00:00:00+08:00');
    for (const name of ['results', 'status:fail', 'runs', 'score', 'coverage'])
      expect([name, figures.get(name)]).toEqual([name, derive(name, start, end, () => true)]);
    const rule = history.rules.find(({ retiredAt, createdAt }) => retiredAt === null && createdAt <= FROM.getTime())!;
    await db.query(`UPDATE quality.rule SET retired_at = '2026-03-06T00:00:00Z' WHERE id = $1`, [rule.id]);
    const [run]: { id: string }[] = await db.query(
      `INSERT INTO quality.run (requested_at, requested_by) VALUES ('2026-03-06T01:00:00Z', 'later') RETURNING id`,
    );
    await keepResults(db, run!.id, [
      {
        ...{ rule_id: rule.id, version_id: rule.versions.at(-1)!.id, dataset_id: rule.datasetId, status: 'fail' },
        ...{ source_id: sourceOf.get(rule.datasetId)!, rows: 10, checked: 10, violations: 10, error_code: null },
        ...{ failed_source_id: null, finished_at: new Date('2026-03-06T01:00:00Z') },
      },
    ]);
    const again = await make({ knownAt });
    expect(again.factsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(again.factsSha256).toBe(first.factsSha256);
    expect(await check(first)).toMatchObject({ intact: true, foundSha256: first.factsSha256 });
    const later = await make({});
    expect(later.factsSha256).not.toBe(first.factsSha256);
    expect((await figuresOf(later)).get('results')).not.toBe(figures.get('results'));
  });

  it('a result that was changed behind the back is seen', async () => {
    const report = await make({ from: '2026-04-01', to: '2026-04-19' });
    expect(await check(report)).toMatchObject({ intact: true });
    await db.query(`
      ALTER TABLE quality.result DISABLE TRIGGER result_is_final;
      UPDATE quality.result SET status = 'pass', violations = 0
       WHERE id = (SELECT id FROM quality.result WHERE status = 'fail' AND finished_at BETWEEN '2026-04-02' AND '2026-04-15' LIMIT 1);
      ALTER TABLE quality.result ENABLE TRIGGER result_is_final;`);
    expect(await check(report)).toMatchObject({ intact: false, factsSha256: report.factsSha256, chainIntact: true });
  });

  it.each<[Language, string, string]>([
    ['zh', '规则登记册', '规则定义'],
    ['en', 'Rule register', 'What it asks'],
  ])('the register (%s) has every rule that held, as of its day, in every format', async (language, ...titles) => {
    const day = Date.parse('2026-03-01T00:00:00+08:00');
    const wish = { kind: 'register', from: '2026-02-28', to: '2026-02-28' } as const;
    const report = await make(wish, language, ['html', 'pdf', 'xlsx', 'csv', 'json']);
    const rules = history.rules.filter(
      ({ createdAt, retiredAt }) => createdAt < day && (retiredAt ?? Infinity) >= day - 86_400_000,
    );
    const { facts } = JSON.parse((await contentOf(report, 'json')).toString('utf8')) as {
      facts: { rules: { ruleId: string; version: number; owner: string }[] };
    };
    const expected = rules.map((rule) => {
      const version = rule.versions.findLast(({ madeAt }) => madeAt < day)!;
      return { ruleId: rule.id, version: version.number, owner: version.owner };
    });
    const byId = (a: { ruleId: string }, b: { ruleId: string }) => (a.ruleId < b.ruleId ? -1 : 1);
    expect(facts.rules.map(({ ruleId, version, owner }) => ({ ruleId, version, owner })).sort(byId)).toEqual(
      expected.sort(byId),
    );
    const page = (await contentOf(report, 'html')).toString('utf8');
    for (const title of titles) expect(page).toContain(title);
    expect(page.match(/data-figure="version:/g)).toHaveLength(rules.length);
    const csv = (await contentOf(report, 'csv')).toString('utf8');
    expect(csv.startsWith('\ufeff')).toBe(true);
    expect(csv.split('\r\n').filter((line) => line !== '')).toHaveLength(rules.length + 1);
    expect(csv).toContain(`'=rule `);
    const sheet = await readSheet(await contentOf(report, 'xlsx'), 2);
    expect(sheet).toHaveLength(rules.length + 3); // a heading, an empty line and the note
  });

  it.each<[Language, readonly string[]]>([
    ['zh', ['数据质量报告', '按质量维度', '第 1 页，共', '[U+1F600]', '[U+20BB7]']],
    ['en', ['Data quality report', 'By dimension', 'Page 1 of', '[U+1F600]']],
  ])('a PDF (%s) has its fonts in it, and no character vanishes', async (language, expected) => {
    const report = await make({}, language, ['pdf']);
    const content = await contentOf(report, 'pdf');
    if (process.env['PLUMBLINE_KEEP_PDF'])
      writeFileSync(`${process.env['PLUMBLINE_KEEP_PDF']}/report-${language}.pdf`, content);
    const pdf = await getDocumentProxy(new Uint8Array(content));
    const { text } = await extractText(pdf, { mergePages: true });
    const plain = text.replaceAll('\n', '');
    for (const part of expected) expect(plain).toContain(part);
    expect(content.toString('latin1')).toMatch(/\/FontFile3/);
    expect(pdf.numPages).toBeGreaterThan(3);
  });

  it('a spreadsheet has numbers as numbers, and no formula', async () => {
    const report = await make({}, 'en', ['xlsx', 'html']);
    const content = await contentOf(report, 'xlsx');
    const figures = await figuresOf(report);
    const sheet = await readSheet(content, 'By dimension');
    const [heading = [], ...lines] = sheet;
    const at = heading.indexOf('Fail');
    const fails = lines.filter((line) => typeof line[at] === 'number').reduce((sum, line) => sum + Number(line[at]), 0);
    expect(String(fails)).toBe(figures.get('status:fail'));
    const register = await readSheet(content, 'Rule register');
    expect(register.some(([name]) => String(name).startsWith('=rule '))).toBe(true);
  });

  it.each<[string, Partial<MakeReportWish>, string]>([
    ['a domain that nobody wrote down', { domain: 'nowhere' }, 'domain'],
    ['a time of knowledge to come', { knownAt: new Date('2027-01-01T00:00:00Z') }, 'knownAt'],
    ['an unknown source', { sourceId: '00000000-0000-7000-8000-000000000000' }, 'sourceId'],
  ])('%s is refused', async (_, wish, path) => {
    await expect(make(wish)).rejects.toThrow(InvalidInput);
    await expect(make(wish)).rejects.toMatchObject({ inputPath: [path] });
  });
});
