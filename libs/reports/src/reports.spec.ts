import { createHash } from 'node:crypto';

import { parse } from 'csv-parse/sync';
import { AuditLog } from '#audit';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, InvalidInput, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { QualityModule, Rules, RunPlannedRules, Runs } from '#quality';
import { type Language, MakeReport, type Report, Reports, ReportsModule } from '#reports';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../test/support/known-source.js';

const actor = systemActor('合规 "officer" <b>');
const TABLE = '<script>alert("表")</script>';
const NAME = `=HYPERLINK("x") <script>alert('规则')</script> 😀`;
const SOURCE = `核心 <img src=x onerror=alert(1)> "s" 😀`;
const timeZone = 'Asia/Shanghai';
const call = () => ({ actor, signal: new AbortController().signal, progress: () => undefined });

describe('a quality report', () => {
  const clock = new FixedClock(new Date('2026-06-01T00:00:00Z'));
  let context: TestContext;
  let bank: KnownSource;
  let reports: Reports;
  let db: DataSource;

  beforeAll(async () => {
    context = await testContext(
      [DictionaryModule, QualityModule, ReportsModule],
      [...sourcesEntities, ...dictionaryEntities],
      clock,
    );
    reports = context.app.get(Reports);
    db = context.app.get(DataSource);
    bank = await knownSource(
      context.app,
      SOURCE,
      `
      CREATE TABLE "${TABLE.replaceAll('"', '""')}" (id bigint PRIMARY KEY, "@字段" text, b text);
      INSERT INTO "${TABLE.replaceAll('"', '""')}" VALUES (1, 'x', 'x'), (2, NULL, 'x'), (3, NULL, 'y');
      `,
    );
    await runs();
  });
  afterAll(async () => {
    await context.stop();
    await bank.drop();
  });

  /** Runs on three days in China, one of them late in the evening of the day before in UTC. */
  async function runs(): Promise<void> {
    const rules = context.app.get(Rules);
    const datasetId = await bank.dataset(TABLE);
    const common = { datasetId, description: '', owner: '', enabled: true, nameZh: '' };
    const [first, second] = await rules.addAll(actor, [
      { ...common, fieldIds: [await bank.field(TABLE, '@字段')], kind: 'not_null', nameEn: NAME, severity: 'S1' },
      {
        ...common,
        fieldIds: [await bank.field(TABLE, 'b')],
        kind: 'unique',
        nameEn: 'b',
        nameZh: '唯一',
        severity: 'S4',
      },
    ]);
    for (const at of ['2026-06-01T02:00:00Z', '2026-06-01T17:00:00Z', '2026-06-03T02:00:00Z']) {
      clock.set(new Date(at));
      const run = await context.app.get(Runs).ofRules(actor, [first!.ruleId, second!.ruleId]);
      const call = { jobId: run.jobId ?? '', actor, signal: new AbortController().signal, progress: () => undefined };
      await context.app.get(RunPlannedRules).run(run.id, call);
      if (at.startsWith('2026-06-01T17'))
        await bank.run(`UPDATE "${TABLE.replaceAll('"', '""')}" SET "@字段" = '' WHERE id = 2`);
    }
  }

  const make = async (from: string, to: string, language: Language): Promise<Report> => {
    const formats = ['html', 'csv'] as const;
    const { id } = await reports.make(actor, { sourceId: bank.id, from, to, timeZone, language, formats });
    return context.app.get(MakeReport).make(id, call());
  };
  const textOf = async ({ id }: Report, format: string): Promise<string> =>
    (await reports.file(id, format)).content.toString('utf8');
  const figuresOf = (page: string): Map<string, string> =>
    new Map([...page.matchAll(/data-figure="([^"]*)">([^<]*)</g)].map(([, name = '', value = '']) => [name, value]));

  it.each<[Language, string, string, string]>([
    ['zh', '数据质量报告', '不通过', '完整性'],
    ['en', 'Data quality report', 'Fail', 'Completeness'],
  ])('in %s has the numbers that stored results give', async (language, ...words) => {
    const report = await make('2026-06-01', '2026-06-02', language);
    const page = await textOf(report, 'html');
    for (const word of words) expect(page).toContain(word);
    const figures = figuresOf(page);
    const start = '2026-05-31T16:00:00Z';
    const end = '2026-06-02T16:00:00Z';
    const counted = await rows<{ status: string; day: string; n: number }>(
      db,
      `
      SELECT status, to_char(finished_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day, count(*)::int AS n
        FROM quality.result WHERE source_id = $1 AND finished_at >= $2 AND finished_at < $3 GROUP BY status, day
      `,
      [bank.id, start, end],
    );
    expect(counted).toEqual(
      expect.arrayContaining([
        { status: 'fail', day: '2026-06-01', n: 2 },
        { status: 'fail', day: '2026-06-02', n: 2 },
      ]),
    );
    for (const { status, day, n } of counted) expect(figures.get(`${day}:${status}`)).toBe(String(n));
    const fails = counted.filter(({ status }) => status === 'fail').reduce((sum, { n }) => sum + n, 0);
    expect(figures.get('status:fail')).toBe(String(fails));
    expect(figures.get('status:pass')).toBe('0');
    expect(figures.get('runs')).toBe('2');
    const violations = await rows<{ rule: string; violations: string; fails: number }>(
      db,
      `
      SELECT rule_id AS rule, count(*)::int AS fails, (array_agg(violations ORDER BY finished_at DESC))[1] AS violations
        FROM quality.result WHERE source_id = $1 AND finished_at >= $2 AND finished_at < $3 AND status = 'fail'
       GROUP BY rule_id
      `,
      [bank.id, start, end],
    );
    expect(violations).toHaveLength(2);
    for (const { rule, violations: count, fails: times } of violations) {
      expect(figures.get(`violations:${rule}`)).toBe(count);
      expect(figures.get(`failures:${rule}`)).toBe(String(times));
    }
    // (5 · (1 - 2/3) + 1 · (1 - 1/3)) / 6
    expect(figures.get('score')).toBe('38.89 %');
    expect(figures.get('coverage')).toBe('100.00 % (2 / 2)');
    expect(page).toContain('<svg');
    expect(page).toMatch(/2026-06-01 10:00:00/);
  });

  it('lets nothing that has a name run, in HTML or in a spreadsheet', async () => {
    const report = await make('2026-06-01', '2026-06-03', 'en');
    const page = await textOf(report, 'html');
    expect(page).not.toMatch(/<script|<img|<b>/i);
    expect(page).toContain('&lt;script&gt;alert(&quot;表&quot;)&lt;/script&gt;');
    expect(page).not.toMatch(/<[a-z][^>]*\s(src|href|on\w+)=/i);
    const content = (await reports.file(report.id, 'csv')).content;
    expect([...content.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines: string[][] = parse(content, { bom: true });
    expect(lines).toHaveLength(7); // a heading and 3 runs of 2 rules
    for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+@\t\r-]/);
    const [heading = [], ...results] = lines;
    expect(new Set(results.map((line) => line[heading.indexOf('Rule')]))).toEqual(new Set([`'${NAME}`, 'b']));
    expect(new Set(results.map((line) => line[heading.indexOf('Fields')]))).toEqual(new Set([`'@字段`, 'b']));
    const sum = results.reduce((all, line) => all + Number(line[heading.indexOf('Violations')]), 0);
    expect(sum).toBe(8); // 2 + 2 + 1 absent names, 1 + 1 + 1 doubles
  });

  it('tells incidents as they stood at the end of the period', async () => {
    clock.set(new Date('2026-06-04T02:00:00Z'));
    const page = await textOf(await make('2026-06-01', '2026-06-03', 'zh'), 'html');
    expect(page).toContain('未关闭');
    expect(page).toContain('2026-06-03 10:00:00');
    const earlier = await textOf(await make('2026-06-01', '2026-06-01', 'zh'), 'html');
    expect(earlier).not.toContain('2026-06-03 10:00:00');
  });

  it.each<[Language, RegExp]>([
    ['zh', /没有执行任何质量规则/],
    ['en', /No rule ran in this period/],
  ])('of an empty period says so (%s)', async (language, words) => {
    const report = await make('2026-05-01', '2026-05-02', language);
    expect(await textOf(report, 'html')).toMatch(words);
    expect(await textOf(report, 'csv')).toMatch(words);
    expect(figuresOf(await textOf(report, 'html')).get('results')).toBe('0');
  });

  it('is made once; its files have their sum and do not change', async () => {
    const report = await make('2026-06-01', '2026-06-03', 'zh');
    const again = await context.app.get(MakeReport).make(report.id, call());
    expect(again).toEqual(report);
    expect(report.files.map(({ format }) => format)).toEqual(['html', 'csv']);
    for (const { format, sha256, bytes } of report.files) {
      const { content } = await reports.file(report.id, format);
      expect([createHash('sha256').update(content).digest('hex'), content.length]).toEqual([sha256, bytes]);
    }
    await expect(db.query(`UPDATE reports.file SET content = ''`)).rejects.toThrow(/never changed/);
    await expect(reports.file(report.id, 'pdf')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { items } = await context.app
      .get(AuditLog)
      .list({ action: 'report.made', subjectId: report.id }, { first: 5 });
    expect(items).toHaveLength(1);
  });

  it('is refused without a format, a source or a day', async () => {
    const wish = { sourceId: bank.id, from: '2026-06-01', to: '2026-06-01', timeZone, language: 'zh' } as const;
    await expect(reports.make(actor, { ...wish, formats: [] })).rejects.toThrow(InvalidInput);
    await expect(reports.make(actor, { ...wish, from: 'x', formats: ['csv'] })).rejects.toMatchObject({
      inputPath: ['from'],
    });
    const sourceId = '00000000-0000-7000-8000-000000000000';
    await expect(reports.make(actor, { ...wish, sourceId, formats: ['csv'] })).rejects.toMatchObject({
      inputPath: ['sourceId'],
    });
  });

  it('is made by itself for the period before, once for each due time', async () => {
    const wish = {
      ...({ sourceId: bank.id, period: 'month', language: 'zh', timeZone } as const),
      formats: ['html', 'html'] as const,
    };
    const plan = await reports.schedule(actor, { ...wish, cron: '0 6 1 * *' });
    expect(await reports.plans(bank.id)).toMatchObject([
      { plan: { formats: ['html'] }, schedule: { cron: '0 6 1 * *' } },
    ]);
    const due = new Date('2026-06-30T22:00:00Z'); // six in the morning of the first of July
    const asked = await Promise.all([1, 2, 3].map(() => reports.whenDue(actor, plan?.id ?? '', due)));
    const ids = asked.filter((id) => id !== undefined);
    expect(ids).toHaveLength(1);
    expect(await reports.get(ids[0]!)).toMatchObject({ first: '2026-06-01', last: '2026-06-30', dueAt: due });
    await expect(reports.schedule(actor, { ...wish, cron: 'soon' })).rejects.toMatchObject({ inputPath: ['cron'] });
    expect(await reports.schedule(actor, { ...wish, cron: null })).toBeUndefined();
    expect(await reports.plans(bank.id)).toEqual([]);
  });
});
