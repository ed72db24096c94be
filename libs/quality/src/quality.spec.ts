import { AuditLog } from '#audit';
import { type Status } from '#core/rule-engine';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, InvalidInput, systemActor } from '#kernel';
import { rows, statementsOf } from '#platform/database';
import { type EventContract } from '#platform/outbox';
import {
  FailingSamples,
  Incidents,
  NoSample,
  NothingToRun,
  QualityModule,
  ResultStore,
  ruleFailed,
  RuleRetired,
  type RuleResult,
  Rules,
  type RuleSet,
  RuleSetNameTaken,
  RuleSets,
  type RuleWish,
  RunPlannedRules,
  type RuleRun,
  Runs,
  Scores,
  type StoredRule,
  TryRule,
} from '#quality';
import { Sources, sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../test/support/known-source.js';

const actor = systemActor('质量 "test" 😀');

const DDL = `
  CREATE TABLE branch (code text PRIMARY KEY, city text);
  INSERT INTO branch VALUES ('B1', '北京'), ('B2', '上海');
  CREATE TABLE "贷款 ""loan"" 😀" (
    id bigint PRIMARY KEY, "余额" numeric(18,2), state text, branch text, id_card text, opened date
  );
  INSERT INTO "贷款 ""loan"" 😀" VALUES
    (1, 100.00, 'open',   'B1', '110101199001011237', '2026-01-01'),
    (2,  -0.01, 'open',   'B2', '110101199001011237', '2026-01-02'),
    (3,   5.00, 'opne',   'B9', '310101199001011231', '2026-01-03'),
    (4,   NULL, 'closed', NULL, NULL,                 '2026-01-04');
  CREATE TABLE empty_one (id bigint PRIMARY KEY, a text);
`;
const LOAN = '贷款 "loan" 😀';

const start = new Date('2026-06-01T00:00:00Z');
const DAY = 86_400_000;

describe('quality', () => {
  const clock = new FixedClock(start);
  let context: TestContext;
  let bank: KnownSource;
  let rules: Rules;
  let runs: Runs;
  let db: DataSource;

  beforeAll(async () => {
    context = await testContext([DictionaryModule, QualityModule], [...sourcesEntities, ...dictionaryEntities], clock);
    rules = context.app.get(Rules);
    runs = context.app.get(Runs);
    db = context.app.get(DataSource);
  });
  afterAll(() => context.stop());
  let made = 0;
  beforeEach(async () => {
    clock.set(start);
    bank = await knownSource(context.app, `核心 "core" ${++made}`, DDL);
  });
  afterEach(() => bank.drop());

  type Loose = Partial<Omit<RuleWish, 'fieldIds' | 'otherDatasetId'>> & { of?: KnownSource; other?: string };
  const wish = async (table: string, columns: readonly string[], kind: string, more: Loose = {}): Promise<RuleWish> => {
    const { of = bank, other, ...rest } = more;
    return {
      ...{
        nameEn: `${kind} of ${columns.join()}`,
        nameZh: '',
        description: '',
        owner: '',
        enabled: true,
        kind,
        ...rest,
      },
      datasetId: await of.dataset(table),
      fieldIds: await Promise.all(columns.map((column) => of.field(table, column))),
      ...(other !== undefined && { otherDatasetId: await bank.dataset(other) }),
    };
  };
  const add = async (...wanted: Parameters<typeof wish>): Promise<StoredRule> =>
    rules.add(actor, await wish(...wanted));

  /** Carries a run out, as the job does. */
  const carryOut = (run: RuleRun, signal = new AbortController().signal) =>
    context.app.get(RunPlannedRules).run(run.id, { jobId: run.jobId ?? '', actor, signal, progress: () => undefined });
  const resultsOf = async (runId: string): Promise<Map<string, RuleResult>> => {
    const pages = await context.app.get(ResultStore).pagesOfRuns([runId], undefined, { first: 500 });
    const items = pages.get(runId)?.items ?? [];
    return new Map(items.map((result) => [result.ruleId, result]));
  };
  const sampleOf = async (resultId: string) => {
    const [there] = await context.app.get(FailingSamples).factsOf([resultId]);
    return there && (await context.app.get(FailingSamples).open(actor, resultId));
  };
  const statementsKept = async () =>
    (await rows<{ n: number }>(db, `SELECT count(*)::int AS n FROM quality.statement`))[0]!.n;
  const runOf = async (...of: readonly StoredRule[]): Promise<RuleResult[]> => {
    const run = await runs.ofRules(
      actor,
      of.map(({ ruleId }) => ruleId),
    );
    await carryOut(run);
    const results = await resultsOf(run.id);
    return of.map(({ ruleId }) => results.get(ruleId)!);
  };
  const told = async (event: EventContract, ruleOrSource: string) =>
    (
      await rows(db, `SELECT 1 FROM platform.event WHERE type = $1 AND payload::text LIKE $2`, [
        event.type,
        `%${ruleOrSource}%`,
      ])
    ).length;

  describe('a rule', () => {
    it('is added with the defaults of its kind, and its fields by id', async () => {
      const rule = await add(LOAN, ['state'], 'in_set', { params: { values: ['open'] }, nameZh: '  状态有效 😀 ' });
      expect(rule).toMatchObject({
        ...{ kind: 'in_set', number: 1, dimension: 'validity', severity: 'S3', enabled: true, retiredAt: null },
        ...{ nameZh: '状态有效 😀', fieldNames: ['state'], sourceName: bank.name },
        definition: { params: { values: ['open'] }, nullPolicy: 'ignore', onEmpty: 'not_evaluated', samples: 20 },
      });
      expect(rule.datasetName).toContain(LOAN);
    });

    it.each<[string, string, string[], string, Loose, string[]]>([
      ['of an unknown kind', LOAN, ['state'], 'magic', {}, ['kind']],
      ['without a field', LOAN, [], 'not_null', {}, ['fieldIds']],
      ['with a wrong parameter', LOAN, ['state'], 'in_set', { params: { values: [{}] } }, ['params', 'values', '0']],
      ['with a literal of another type', LOAN, ['余额'], 'between', { params: { min: 'abc' } }, ['params', 'min']],
      ['on a kind of column it is not for', LOAN, ['state'], 'between', { params: { min: 1 } }, ['fieldIds', '0']],
      ['without a second dataset', LOAN, [], 'row_count_compare', {}, ['otherDatasetId']],
      ['with a second dataset for nothing', LOAN, ['state'], 'not_null', { other: 'branch' }, ['otherDatasetId']],
      ['with an unknown severity', LOAN, ['state'], 'not_null', { severity: 'S9' as 'S1' }, ['severity']],
      ['without a name', LOAN, ['state'], 'not_null', { nameEn: ' ' }, ['nameZh']],
      [
        'with a condition on no column',
        LOAN,
        ['state'],
        'not_null',
        { where: { op: 'is_null', value: { column: 'x' } } },
        ['where', 'value', 'column'],
      ],
      [
        'with an unknown column there',
        LOAN,
        ['branch'],
        'foreign_key',
        { other: 'branch', params: { refColumns: ['x'] } },
        ['params', 'refColumns', '0'],
      ],
    ])('%s is refused, with the place', async (_, table, columns, kind, more, path) => {
      const refused = await add(table, columns, kind, more).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(InvalidInput);
      expect((refused as InvalidInput).faults.map((fault) => fault.path)).toEqual([path]);
    });

    it('on things that are not there is refused', async () => {
      const good = await wish(LOAN, ['state'], 'not_null');
      const nowhere = '00000000-0000-7000-8000-000000000000';
      await expect(rules.add(actor, { ...good, datasetId: nowhere })).rejects.toMatchObject({
        inputPath: ['datasetId'],
      });
      await expect(rules.add(actor, { ...good, fieldIds: [nowhere] })).rejects.toMatchObject({
        inputPath: ['fieldIds', '0'],
      });
      const elsewhere = await wish('branch', ['city'], 'not_null');
      await expect(rules.add(actor, { ...good, fieldIds: elsewhere.fieldIds })).rejects.toThrow(/never had this field/);
    });

    it('of SQL that people wrote is read before it is kept, and runs', async () => {
      const sql = (text: string) => ({ params: { sql: text } });
      const rule = await add(LOAN, [], 'sql_no_rows', sql("SELECT * FROM {target} WHERE state = 'opne'"));
      const changed = await rules.change(
        actor,
        rule.ruleId,
        await wish(LOAN, [], 'sql_scalar', { params: { sql: 'SELECT count(*) FROM {target}', max: 4 } }),
      );
      const tried = await context.app
        .get(TryRule)
        .try(await wish(LOAN, [], 'sql_no_rows', sql('SELECT * FROM {target} WHERE id = 3')));
      expect(tried.verdict).toMatchObject({ status: 'fail', violations: '1' });
      expect(await runOf(changed)).toMatchObject([{ status: 'pass' }]);
      for (const text of ['DELETE FROM {target}', 'SELECT 1; SELECT 2', 'SELECT * INTO x FROM {target}', 'no SQL'])
        await expect(add(LOAN, [], 'sql_no_rows', sql(text))).rejects.toMatchObject({ inputPath: ['params', 'sql'] });
    });

    it('gets a version with each change, and none when nothing is different', async () => {
      const first = await add(LOAN, ['state'], 'not_null');
      const same = await rules.change(actor, first.ruleId, await wish(LOAN, ['state'], 'not_null'));
      expect(same.number).toBe(1);
      const changed = await rules.change(
        actor,
        first.ruleId,
        await wish(LOAN, ['branch'], 'not_null', { severity: 'S1' }),
      );
      expect(changed).toMatchObject({ number: 2, severity: 'S1', fieldNames: ['branch'] });
      expect((await rules.history(first.ruleId)).map(({ number, severity }) => [number, severity])).toEqual([
        [2, 'S1'],
        [1, 'S3'],
      ]);
      await expect(db.query(`UPDATE quality.rule_version SET severity = 'S4'`)).rejects.toThrow(/never changed/);
      await expect(db.query(`DELETE FROM quality.rule_version`)).rejects.toThrow(/never changed/);
    });

    it('that is retired neither changes nor runs, and its open incident is closed', async () => {
      const rule = await add(LOAN, ['branch'], 'not_null');
      await runOf(rule);
      await rules.retire(actor, rule.ruleId);
      await expect(rules.retire(actor, rule.ruleId)).rejects.toThrow(RuleRetired);
      await expect(rules.change(actor, rule.ruleId, await wish(LOAN, ['state'], 'not_null'))).rejects.toThrow(
        RuleRetired,
      );
      await expect(runs.ofRules(actor, [rule.ruleId])).rejects.toThrow(RuleRetired);
      expect(await context.app.get(Incidents).openOfRules([rule.ruleId])).toEqual([]);
      expect((await rules.list({ sourceId: bank.id }, { first: 10 })).total).toBe(0);
      expect((await rules.list({ sourceId: bank.id, retired: true }, { first: 10 })).total).toBe(1);
    });

    it('among many is added with all or not at all; every fault is named', async () => {
      const good = await wish(LOAN, ['state'], 'not_null');
      const bad = { ...good, kind: 'magic' };
      const refused = await rules.addAll(actor, [good, bad, { ...good, nameEn: '' }]).catch((error: unknown) => error);
      expect((refused as InvalidInput).faults.map(({ path }) => path)).toEqual([
        ['rules', '1', 'kind'],
        ['rules', '2', 'nameZh'],
      ]);
      expect((await rules.list({ sourceId: bank.id }, { first: 10 })).total).toBe(0);
      const added = await rules.addAll(actor, [good, { ...good, nameEn: 'second' }]);
      expect(added.map(({ nameEn }) => nameEn)).toEqual([good.nameEn, 'second']);
    });

    it('is left out while its source is paused, and asked again when it is resumed', async () => {
      const rule = await add(LOAN, ['branch'], 'not_null');
      const sources = context.app.get(Sources, { strict: false });
      await sources.pause(actor, bank.id, true);
      expect(await runOf(rule)).toMatchObject([{ status: 'skipped', errorCode: 'SOURCE_PAUSED' }]);
      expect(await context.app.get(TryRule).try(await wish(LOAN, ['branch'], 'not_null'))).toMatchObject({
        verdict: { status: 'skipped' },
        statements: [],
      });
      await sources.pause(actor, bank.id, false);
      expect(await runOf(rule)).toMatchObject([{ status: 'fail' }]);
    });

    it('is found by what it is about and by what it found last', async () => {
      const [fails, never] = await rules.addAll(actor, [
        await wish(LOAN, ['branch'], 'not_null', { severity: 'S1', nameZh: '网点必填 😀' }),
        await wish('branch', ['city'], 'not_null', { enabled: false }),
      ]);
      await runOf(fails!);
      const found = async (filter: Parameters<Rules['list']>[0]) =>
        (await rules.list({ sourceId: bank.id, ...filter }, { first: 10 })).items.map(({ ruleId }) => ruleId);
      expect(await found({})).toHaveLength(2);
      expect(await found({ lastStatus: 'fail' })).toEqual([fails!.ruleId]);
      expect(await found({ lastStatus: 'never' })).toEqual([never!.ruleId]);
      expect(await found({ severity: 'S1' })).toEqual([fails!.ruleId]);
      expect(await found({ enabled: false })).toEqual([never!.ruleId]);
      expect(await found({ text: '必填 😀' })).toEqual([fails!.ruleId]);
      expect(await found({ datasetId: await bank.dataset('branch') })).toEqual([never!.ruleId]);
      expect(await found({ fieldId: await bank.field(LOAN, 'branch') })).toEqual([fails!.ruleId]);
      const first = await rules.list({ sourceId: bank.id }, { first: 1 });
      expect([first.items.length, first.hasNext, first.total]).toEqual([1, true, 2]);
    });
  });

  describe('a run', () => {
    it('finds planted faults, whatever the kind, and says which rows', async () => {
      const found = await runOf(
        await add(LOAN, ['余额'], 'between', { params: { min: 0 } }),
        await add(LOAN, ['state'], 'in_set', { params: { values: ['open', 'closed'] } }),
        await add(LOAN, ['id_card'], 'unique'),
        await add(LOAN, ['branch'], 'foreign_key', { other: 'branch', params: { refColumns: ['code'] } }),
        await add(LOAN, ['branch'], 'not_null'),
        await add(LOAN, [], 'row_count_compare', { other: 'branch' }),
      );
      const samples = await Promise.all(found.map(({ id }) => sampleOf(id)));
      expect(
        found.map(({ status, rows, checked, violations }, at) => [
          ...[status, rows, checked, violations, samples[at]?.columns, samples[at]?.rows],
        ]),
      ).toEqual([
        ['fail', '4', '3', '1', ['id'], [['2']]],
        ['fail', '4', '4', '1', ['id'], [['3']]],
        // Of a column whose level nobody has said no value is kept; a key is, or nobody would find the row.
        ['fail', '4', '3', '1', [], []],
        ['fail', '4', '3', '1', ['id'], [['3']]],
        ['fail', '4', '4', '1', ['id'], [['4']]],
        ['fail', '4', '1', '1', undefined, undefined],
      ]);
      expect(found[0]!.statements[0]).toMatchObject({
        purpose: 'measure',
        // The scan is shared with the other rules.
        params: expect.arrayContaining(['0']) as unknown,
        sql: expect.stringContaining('"贷款 ""loan"" 😀"'),
      });
    });

    it('keeps each statement once, however many rules share it and however often they run', async () => {
      const asked = await Promise.all(['state', 'branch', 'opened'].map((name) => add(LOAN, [name], 'not_null')));
      const first = await runOf(...asked);
      const before = await statementsKept();
      const second = await runOf(...asked);
      expect(new Set([...first, ...second].map(({ statements }) => JSON.stringify(statements[0]))).size).toBe(1);
      expect(second.map(({ statements }) => statements)).toEqual(first.map(({ statements }) => statements));
      expect(await statementsKept()).toBe(before);
      await expect(db.query(`UPDATE quality.statement SET sql = ''`)).rejects.toThrow(/never changed/);
    });

    it('takes what the source keeps true itself for a proof, and looks at the data all the same when told to', async () => {
      const rulesOf = async (verify: boolean) => [
        await add(LOAN, ['id'], 'unique', { verify }),
        await add(LOAN, ['id'], 'not_null', { verify }),
        await add('empty_one', ['id'], 'primary_key', { verify }),
      ];
      const ask = async (verify: boolean) =>
        (await runOf(...(await rulesOf(verify)))).map(({ status, rows: counted, metrics, statements }) => [
          ...[status, counted, metrics['provenBy'], /count/i.test(statements[0]?.sql ?? '')],
        ]);
      // No harvest is on record: nobody knows as of when the constraints were there.
      const measured = [
        ['pass', '4', undefined, true],
        ['pass', '4', undefined, true],
        ['not_evaluated', '0', undefined, true],
      ];
      expect(await ask(false)).toEqual(measured);
      await db.query(
        `
        WITH run AS (
          INSERT INTO harvest.run (id, source_id, state, confirm_removals, requested_at, finished_at)
          VALUES (uuidv7(), $1, 'succeeded', false, $2, $2) RETURNING id
        )
        INSERT INTO harvest.scope (run_id, name, complete, reasons, datasets, finished_at)
        SELECT id, 'public', true, '{}', 3, $2 FROM run
        `,
        [bank.id, start],
      );
      expect(await ask(false)).toEqual([
        ['pass', '0', expect.stringContaining('_pkey'), false],
        ['pass', '0', expect.stringContaining('NOT NULL "id"'), false],
        ['not_evaluated', '0', expect.stringContaining('_pkey'), false],
      ]);
      expect(await ask(true)).toEqual(measured);
    });

    it('looks at what is new since this version of the rule looked last', async () => {
      await bank.run(`CREATE TABLE booking (id bigint PRIMARY KEY, amount int, booked timestamptz);
        INSERT INTO booking VALUES (1, -1, '2026-05-31T10:00:00Z')`);
      await bank.read();
      const scope = { window: { column: 'booked', sinceLastRun: true } };
      const rule = await add('booking', ['amount'], 'between', { params: { min: 0 }, scope });
      const found = async () => {
        const [{ status, rows: looked }] = (await runOf(rule)) as [RuleResult];
        return [status, looked];
      };
      expect(await found()).toEqual(['fail', '1']);
      clock.set(new Date(start.getTime() + DAY));
      expect(await found()).toEqual(['not_evaluated', '0']);
      await bank.run(`INSERT INTO booking VALUES (2, 5, '2026-06-02T10:00:00Z')`);
      expect(await found()).toEqual(['pass', '1']);
      // Another version has not looked at anything yet.
      await rules.change(
        actor,
        rule.ruleId,
        await wish('booking', ['amount'], 'between', { params: { min: 1 }, scope }),
      );
      expect(await found()).toEqual(['fail', '2']);
    });

    it('leaves out what the source expects to take longer than it may', async () => {
      const slow = { params: { patterns: ['^B[0-9]$'] }, budgetMs: 1 };
      const quick = await add(LOAN, ['state'], 'not_null');
      // A thousand times a thousand rows, as the source's planner sees it.
      await bank.run(
        `CREATE VIEW many AS SELECT a.branch FROM "贷款 ""loan"" 😀" AS a, generate_series(1, 1000000) AS n`,
      );
      await bank.read();
      const [skipped, passed] = (await runOf(await add('many', ['branch'], 'regex', slow), quick)) as [
        RuleResult,
        RuleResult,
      ];
      expect(skipped).toMatchObject({
        status: 'skipped',
        errorCode: 'RULE_OVER_BUDGET',
        statements: [],
        sentenceZh: expect.stringContaining('超出预算'),
      });
      expect(passed.status).toBe('pass');
    });

    it('reaches every status, and one rule never harms another', async () => {
      const gone = await add(LOAN, ['opened'], 'not_null');
      const lost = await add('branch', ['city'], 'not_null');
      await bank.run(`ALTER TABLE "贷款 ""loan"" 😀" DROP COLUMN opened`);
      await bank.read();
      // The dictionary does not know yet that this one is renamed.
      await bank.run(`ALTER TABLE branch RENAME COLUMN city TO town`);
      const all = [
        await add(LOAN, ['state'], 'not_null'),
        await add(LOAN, ['branch'], 'not_null', { threshold: { warn: { gt: 0 } } }),
        await add(LOAN, ['branch'], 'not_null'),
        gone,
        lost,
        await add('empty_one', ['a'], 'not_null'),
        await add(LOAN, ['state'], 'unique', { enabled: false }),
      ];
      const run = await runs.ofSource(actor, bank.id, bank.name);
      expect(await carryOut(run)).toEqual({
        state: 'partial',
        planned: 7,
        counts: { pass: 1, warn: 1, fail: 1, error: 2, not_evaluated: 1, skipped: 1 },
      });
      const results = await resultsOf(run.id);
      const found = all.map(({ ruleId }) => results.get(ruleId)!);
      const statuses: Status[] = ['pass', 'warn', 'fail', 'error', 'error', 'not_evaluated', 'skipped'];
      expect(found.map(({ status }) => status)).toEqual(statuses);
      expect(found[3]).toMatchObject({
        errorCode: 'INVALID_INPUT',
        sentenceEn: expect.stringContaining('has no column "opened" any more'),
        sentenceZh: expect.stringContaining('规则与当前元数据不符'),
        violations: null,
      });
      expect(found[4]).toMatchObject({ errorCode: 'SOURCE_QUERY_FAILED' });
      await expect(db.query(`UPDATE quality.result SET status = 'pass'`)).rejects.toThrow(/never changed/);
    });

    it('looks at the version that the rule had when the run was asked for', async () => {
      const rule = await add(LOAN, ['branch'], 'not_null');
      const run = await runs.ofRules(actor, [rule.ruleId]);
      await rules.change(actor, rule.ruleId, await wish(LOAN, ['state'], 'not_null'));
      await carryOut(run);
      expect((await resultsOf(run.id)).get(rule.ruleId)).toMatchObject({ versionNumber: 1, status: 'fail' });
    });

    it('compares two sources', async () => {
      const other = await knownSource(
        context.app,
        `数仓 ${made}`,
        `CREATE TABLE ods (x int); INSERT INTO ods VALUES (1)`,
      );
      const rule = await rules.add(actor, {
        ...(await wish('branch', [], 'row_count_compare')),
        otherDatasetId: await other.dataset('ods'),
      });
      const [found] = await runOf(rule);
      expect(found).toMatchObject({ status: 'fail', metrics: { otherRows: '1', difference: '1' } });
      expect(found!.statements.map(({ on }) => on)).toEqual(['target', 'other']);
      await other.drop();
      const [failed] = await runOf(rule);
      expect(failed).toMatchObject({ status: 'error', errorCode: 'SOURCE_DATABASE_UNKNOWN' });
      const { items } = await context.app.get(Incidents).list({ kind: 'operations', sourceId: other.id }, { first: 5 });
      expect(items).toMatchObject([{ state: 'open', failingRuns: 1, ruleId: null }]);
    });

    it('keeps no key of what is secret, and does not even read it', async () => {
      await bank.classify(LOAN, 'id_card', 'L5');
      const rule = await add(LOAN, ['id_card'], 'not_null');
      const [found] = await runOf(rule);
      expect(found).toMatchObject({ status: 'fail', violations: '1' });
      expect(await sampleOf(found!.id)).toMatchObject({ columns: [], withheld: ['id', 'id_card'], rows: [] });
      expect(found!.statements.map(({ purpose }) => purpose)).toEqual(['measure']);
      await bank.classify(LOAN, 'state', 'L4');
      const pair = await add(LOAN, ['state', 'opened'], 'unique');
      await bank.run(`UPDATE "贷款 ""loan"" 😀" SET opened = '2026-01-01'`);
      expect(await sampleOf((await runOf(pair))[0]!.id)).toMatchObject({ withheld: ['state', 'opened'], rows: [] });
    });

    it('shows values by their level: as they are, masked, or not at all, and never in the clear in the catalog', async () => {
      await bank.run(`CREATE TABLE person (id bigint PRIMARY KEY, mobile text, city text, note text);
        INSERT INTO person VALUES (1, '13812345678', '北京 planted', 'planted note')`);
      await bank.read();
      await bank.classify('person', 'city', 'L1');
      await bank.classify('person', 'mobile', 'L3');
      await db.query(
        `
        INSERT INTO sensitivity.proposal (field_id, category, level, template, score, masked, reasons, detector_version,
                                          state, proposed_at, decided_at, decided_by)
        VALUES ($1, 'mobile', 'L3', 'jrt-0197', 0.9, false, '[]', 1, 'accepted', now(), now(), 'test')
        `,
        [await bank.field('person', 'mobile')],
      );
      const found = await runOf(
        await add('person', ['mobile'], 'is_null'),
        await add('person', ['city'], 'is_null'),
        await add('person', ['note'], 'is_null'),
      );
      expect(await Promise.all(found.map(({ id }) => sampleOf(id)))).toMatchObject([
        { columns: ['id', 'mobile'], masked: ['mobile'], withheld: [], rows: [['1', '138****5678']] },
        { columns: ['id', 'city'], masked: [], withheld: [], rows: [['1', '北京 planted']] },
        { columns: ['id'], masked: [], withheld: ['note'], rows: [['1']] },
      ]);
      // What may be shown is sealed all the same, and what may not is nowhere.
      const everywhere = await rows<{ text: string }>(
        db,
        `SELECT result::text || coalesce(encode(sample.sealed, 'escape'), '') AS text FROM quality.result
           LEFT JOIN quality.failing_sample AS sample ON sample.result_id = result.id
         UNION ALL SELECT entry::text FROM audit.entry
         UNION ALL SELECT statement::text FROM quality.statement`,
      );
      expect(everywhere.map(({ text }) => text).join('\n')).not.toMatch(/planted|13812345678/);
    });

    it('a sample opens for its own result only, is written down, and is gone after its days', async () => {
      const samples = context.app.get(FailingSamples);
      const [one, two] = await runOf(
        await add(LOAN, ['余额'], 'between', { params: { min: 0 } }),
        await add(LOAN, ['branch'], 'not_null'),
      );
      expect(await samples.factsOf([one!.id])).toMatchObject([{ columns: ['id'], rowCount: 1, withheld: ['余额'] }]);
      const kept = await rows<{ sealed: Buffer }>(
        db,
        `SELECT sealed FROM quality.failing_sample WHERE result_id = $1`,
        [one!.id],
      );
      expect(kept[0]!.sealed.toString('utf8')).not.toContain('"2"');
      expect(await samples.open(actor, one!.id)).toMatchObject({ rows: [['2']] });
      const { items } = await samples.accesses({ resultId: one!.id }, { first: 5 });
      expect(items).toMatchObject([{ resultId: one!.id, ruleId: one!.ruleId, actorName: actor.name }]);
      expect((await context.app.get(AuditLog).list({}, { first: 1 })).items).toMatchObject([
        { action: 'failing-sample.opened', details: { resultId: one!.id, rows: 1 } },
      ]);
      // What has become secret since is secret in old samples as well.
      await bank.classify(LOAN, 'id', 'L4');
      expect(await samples.open(actor, one!.id)).toMatchObject({ withheld: ['余额', 'id'], rows: [['***']] });
      await db.query(
        `UPDATE quality.failing_sample SET sealed = (SELECT sealed FROM quality.failing_sample WHERE result_id = $1) WHERE result_id = $2`,
        [one!.id, two!.id],
      );
      await expect(samples.open(actor, two!.id)).rejects.toThrow(/cannot be opened/);
      clock.set(new Date(start.getTime() + 30 * DAY));
      await expect(samples.open(actor, one!.id)).rejects.toThrow(NoSample);
      expect(await samples.factsOf([one!.id])).toEqual([]);
      expect(await samples.sweep()).toBeGreaterThanOrEqual(2);
      expect(await samples.sweep()).toBe(0);
      expect((await samples.accesses({ resultId: one!.id }, { first: 5 })).items).toHaveLength(2);
    });

    it('that was stopped goes on where it was: nothing is asked twice, nothing is left out', async () => {
      await bank.run(`CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(60)::text AS a`);
      await bank.read();
      const quick = await rules.addAll(
        actor,
        await Promise.all(['state', 'branch', 'id_card'].map((column) => wish(LOAN, [column], 'not_null'))),
      );
      const slow = await add('slow', ['a'], 'not_null');
      const run = await runs.ofRules(
        actor,
        [...quick, slow].map(({ ruleId }) => ruleId),
      );
      const stop = new AbortController();
      const going = context.app.get(RunPlannedRules).run(run.id, {
        ...{ jobId: run.jobId ?? '', actor, signal: stop.signal },
        progress: (share) => {
          if (share === 0.75) stop.abort(new Error('the worker stops'));
        },
      });
      await expect(going).rejects.toThrow('the worker stops');
      const before = await resultsOf(run.id);
      expect([...before.keys()].sort()).toEqual(quick.map(({ ruleId }) => ruleId).sort());
      expect((await runs.get(run.id)).state).toBe('queued');
      await bank.run(`CREATE OR REPLACE VIEW slow AS SELECT 1 AS id, 'x'::text AS a`);
      expect(await carryOut(run)).toMatchObject({ planned: 4, counts: { pass: 2, fail: 2 } });
      const after = await resultsOf(run.id);
      for (const [ruleId, { id }] of before) expect(after.get(ruleId)?.id).toBe(id);
      // Once more, as after a worker that died before it could say that it was done.
      await carryOut(run);
      expect([...(await resultsOf(run.id)).keys()]).toHaveLength(4);
      expect(await told(ruleFailed, run.id)).toBe(2);
    });

    it('sends as many statements to the catalog for a hundred rules as for five', async () => {
      const many = async (count: number) => {
        const one = await wish(LOAN, ['branch'], 'not_null');
        const added = await rules.addAll(
          actor,
          Array.from({ length: count }, (_, at) => ({ ...one, nameEn: `r${at}` })),
        );
        const run = await runs.ofRules(
          actor,
          added.map(({ ruleId }) => ruleId),
        );
        return (await statementsOf(() => carryOut(run))).statements.length;
      };
      const few = await many(5);
      expect(await many(99)).toBe(few);
    });

    it('of nothing is refused', async () => {
      await expect(runs.ofSource(actor, bank.id, bank.name)).rejects.toThrow(NothingToRun);
      await expect(runs.ofRules(actor, ['00000000-0000-7000-8000-000000000000'])).rejects.toMatchObject({
        inputPath: ['ruleIds', '0'],
      });
    });
  });

  it('a rule can be tried without being kept', async () => {
    const trials = context.app.get(TryRule);
    const found = await trials.try(await wish(LOAN, ['branch'], 'not_null'));
    expect(found).toMatchObject({ verdict: { status: 'fail', violations: '1' }, sample: { rows: [['4']] } });
    await expect(trials.try(await wish(LOAN, ['branch'], 'magic'))).rejects.toMatchObject({ inputPath: ['kind'] });
    expect((await rules.list({ sourceId: bank.id }, { first: 1 })).total).toBe(0);
  });

  describe('an incident', () => {
    it('about a source that is down is one, whatever the number of rules; scores stay, coverage falls', async () => {
      const all = [
        await add(LOAN, ['branch'], 'not_null'),
        await add(LOAN, ['state'], 'not_null'),
        await add('branch', ['city'], 'not_null'),
      ];
      await runOf(...all);
      const scores = context.app.get(Scores);
      const before = await scores.ofSource(bank.id);
      expect([before.coverage, before.planned]).toEqual([1, 3]);
      await db.query(`UPDATE sources.source SET settings = jsonb_set(settings, '{port}', '1') WHERE id = $1`, [
        bank.id,
      ]);
      const found = await runOf(...all);
      expect(found.map(({ status, errorCode }) => [status, errorCode])).toEqual(
        all.map(() => ['error', 'SOURCE_UNREACHABLE']),
      );
      const operations = () => context.app.get(Incidents).list({ kind: 'operations', sourceId: bank.id }, { first: 5 });
      expect((await operations()).items).toMatchObject([{ state: 'open', failingRuns: 1 }]);
      expect(await scores.ofSource(bank.id)).toMatchObject({ score: before.score, coverage: 0, evaluated: 0 });
      await db.query(`UPDATE sources.source SET settings = jsonb_set(settings, '{port}', $2) WHERE id = $1`, [
        bank.id,
        JSON.stringify(bank.database.settings['port']),
      ]);
      await runOf(all[0]!);
      expect((await operations()).items).toMatchObject([{ state: 'open' }]);
      await runOf(...all);
      expect((await operations()).items).toMatchObject([{ state: 'resolved' }]);
      expect((await scores.ofSource(bank.id)).coverage).toBe(1);
    });
  });

  it('a score is the weighted share of rows that obey, at any time', async () => {
    const scores = context.app.get(Scores);
    expect(await scores.ofSource(bank.id)).toMatchObject({ score: null, coverage: null, planned: 0 });
    const grave = await add(LOAN, ['branch'], 'not_null', { severity: 'S1' }); // 1 of 4
    const light = await add(LOAN, ['state'], 'in_set', { severity: 'S4', params: { values: ['open', 'closed'] } }); // 1 of 4
    await add('branch', ['city'], 'not_null', { severity: 'S2' }); // never run
    const twin = await add('empty_one', ['a'], 'not_null'); // nothing to check
    await runOf(grave, light, twin);
    const found = await scores.ofSource(bank.id);
    expect(found).toMatchObject({ score: 0.75, coverage: 0.5, planned: 4, evaluated: 2 });
    expect(found.dimensions.map(({ dimension, score, coverage }) => [dimension, score, coverage])).toEqual([
      ['completeness', 0.75, 1 / 3],
      ['validity', 0.75, 1],
    ]);
    clock.set(new Date(start.getTime() + DAY));
    await bank.run(`UPDATE "贷款 ""loan"" 😀" SET branch = 'B1'`);
    await runOf(grave);
    // (5 · 1 + 1 · 0.75) / 6
    expect((await scores.ofDataset(await bank.dataset(LOAN))).score).toBeCloseTo(5.75 / 6, 12);
    expect((await scores.ofSource(bank.id, start)).score).toBe(0.75);
  });

  describe('a rule set', () => {
    it('has rules in order, runs them, and has one run for each due time', async () => {
      const sets = context.app.get(RuleSets);
      const [one, two] = [await add(LOAN, ['branch'], 'not_null'), await add('branch', ['city'], 'not_null')];
      const name = `每日检查 "daily" 😀 ${made}`;
      const set: RuleSet = await sets.add(actor, { name, description: '', ruleIds: [two.ruleId, one.ruleId] });
      expect(set.ruleIds).toEqual([two.ruleId, one.ruleId]);
      await expect(sets.add(actor, { name: name.toUpperCase(), description: '', ruleIds: [] })).rejects.toThrow(
        RuleSetNameTaken,
      );
      await expect(
        sets.change(actor, set.id, { name, description: '', ruleIds: [one.ruleId, one.ruleId] }),
      ).rejects.toMatchObject({ inputPath: ['ruleIds', '1'] });
      expect(await carryOut(await runs.ofRuleSet(actor, set.id))).toMatchObject({ planned: 2 });
      const due = new Date('2026-06-02T02:30:00Z');
      const answers = await Promise.all(Array.from({ length: 4 }, () => runs.whenDue(actor, set.id, due)));
      expect(answers.filter((id) => id !== undefined)).toHaveLength(1);
      expect((await runs.list({ ruleSetId: set.id }, { first: 10 })).items.map(({ dueAt }) => dueAt)).toEqual([
        due,
        null,
      ]);
      await rules.retire(actor, two.ruleId);
      expect((await sets.get(set.id)).ruleIds).toEqual([one.ruleId]);
    });

    it('is scheduled with a cron expression in a time zone', async () => {
      const sets = context.app.get(RuleSets);
      const set = await sets.add(actor, { name: `夜间 ${made}`, description: '', ruleIds: [] });
      await sets.schedule(actor, set.id, { cron: '30 2 * * *', timeZone: 'Asia/Shanghai', enabled: true });
      expect(await sets.schedulesOf([set.id])).toMatchObject([{ cron: '30 2 * * *', payload: { ruleSetId: set.id } }]);
      await expect(
        sets.schedule(actor, set.id, { cron: 'soon', timeZone: 'Asia/Shanghai', enabled: true }),
      ).rejects.toMatchObject({ inputPath: ['cron'] });
      await sets.schedule(actor, set.id, null);
      expect(await sets.schedulesOf([set.id])).toEqual([]);
    });
  });

  it('every change has its audit entry', async () => {
    const rule = await add(LOAN, ['branch'], 'not_null');
    await runOf(rule);
    const log = context.app.get(AuditLog);
    const { items } = await log.list({ subjectKind: 'rule', subjectId: rule.ruleId }, { first: 5 });
    expect(items.map(({ action, actorName }) => [action, actorName])).toEqual([['rule.added', actor.name]]);
    const { items: ends } = await log.list({ action: 'rule-run.finished' }, { first: 1 });
    expect(ends[0]).toMatchObject({ details: { state: 'succeeded', planned: 1, counts: { fail: 1 } } });
    expect((await log.verify()).intact).toBe(true);
  });
});
