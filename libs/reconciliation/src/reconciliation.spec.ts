import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { type Actor, FixedClock, InvalidInput } from '#kernel';
import { rows } from '#platform/database';
import {
  Breaks,
  BreakClosed,
  CarryOutReconciliation,
  NothingInCommon,
  type ReconciliationRun,
  ReconciliationFacts,
  ReconciliationModule,
  ReconciliationNameTaken,
  ReconciliationRetired,
  ReconciliationRuns,
  Reconciliations,
  type ReconciliationWish,
  RunNotToBeSigned,
  SignedBySamePerson,
  SignOffs,
} from '#reconciliation';
import { Sources, sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../test/support/known-source.js';

const person = (name: string): Actor => ({ kind: 'user', id: `id of ${name}`, name, roles: ['steward'] });
const [anna, bo] = [person('安娜'), person('Bo')];

const LEFT = `
  CREATE TABLE "贷款 ""loan""" (
    "编号" bigint PRIMARY KEY, branch text, amount numeric(18,2), phone text, updated timestamptz
  );
  INSERT INTO "贷款 ""loan""" VALUES
    (1, 'B1', 100.00, '13800000001', '2026-05-30T00:00:00Z'), (2, 'B1', 200.50, '13800000002', '2026-05-30T00:00:00Z'),
    (3, 'B2', 300.00, '13800000003', '2026-05-30T00:00:00Z'), (4, 'B2', NULL,   '13800000004', '2026-05-30T00:00:00Z');
  CREATE TABLE empty_one (id bigint PRIMARY KEY, x text);
  CREATE TABLE apart (a1 jsonb, b1 text[]);
`;
const RIGHT = `
  CREATE TABLE dwd_loan (loan_id bigint, org text, amt numeric(20,4), mobile text, updated_at timestamp);
  INSERT INTO dwd_loan VALUES
    (1, 'B1', 100.0000, '13800000001', '2026-05-30 08:00:00'), (2, 'B1', 200.5000, '13800000002', '2026-05-30 08:00:00'),
    (3, 'B2', 300.0000, '13800000003', '2026-05-30 08:00:00'), (4, 'B2', NULL,     '13800000004', '2026-05-30 08:00:00');
  CREATE TABLE empty_two (id bigint, x text);
`;

const start = new Date('2026-06-01T02:00:00Z');
const DAY = 86_400_000;

const DEFINITION = {
  keys: [{ left: '编号', right: 'loan_id' }],
  columns: [
    { left: 'branch', right: 'org' },
    { left: 'amount', right: 'amt' },
    { left: 'phone', right: 'mobile' },
    { left: 'updated', right: 'updated_at' },
  ],
  right: { timeZone: 'Asia/Shanghai' },
  checks: [
    { kind: 'row_count' },
    { kind: 'sum', column: 'amount', absolute: '0.01' },
    { kind: 'groups', by: ['branch'], sums: ['amount'] },
    { kind: 'keys' },
  ],
};

describe('reconciliation', () => {
  const clock = new FixedClock(start);
  let context: TestContext;
  let core: KnownSource;
  let warehouse: KnownSource;
  let reconciliations: Reconciliations;
  let runs: ReconciliationRuns;
  let db: DataSource;
  let made = 0;

  beforeAll(async () => {
    context = await testContext(
      [DictionaryModule, ReconciliationModule],
      [...sourcesEntities, ...dictionaryEntities],
      clock,
    );
    reconciliations = context.app.get(Reconciliations);
    runs = context.app.get(ReconciliationRuns);
    db = context.app.get(DataSource);
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    clock.set(start);
    core = await knownSource(context.app, `核心 "core" ${++made}`, LEFT);
    warehouse = await knownSource(context.app, `数仓 ${made}`, RIGHT);
  });
  afterEach(async () => {
    await core.drop();
    await warehouse.drop();
  });

  const wish = async (definition: unknown = DEFINITION, more: Partial<ReconciliationWish> = {}) => ({
    ...{ name: `贷款核对 "${made}" 😀`, description: '', owner: '', definition },
    leftDatasetId: await core.dataset('贷款 "loan"'),
    rightDatasetId: await warehouse.dataset('dwd_loan'),
    ...more,
  });
  const add = async (...given: Parameters<typeof wish>) => reconciliations.add(anna, await wish(...given));
  const carryOut = (run: ReconciliationRun, signal = new AbortController().signal) =>
    context.app
      .get(CarryOutReconciliation)
      .run(run.id, { jobId: run.jobId ?? '', actor: anna, signal, progress: () => undefined });
  const runOf = async (id: string): Promise<ReconciliationRun> => {
    const run = await runs.ask(anna, id);
    await carryOut(run);
    return runs.get(run.id);
  };
  const breaksOf = async (reconciliationId: string, more: object = {}) =>
    (await context.app.get(Breaks).list({ reconciliationId, ...more }, { first: 500 })).items;
  const sign = (actor: Actor, runId: string) => context.app.get(SignOffs).sign(actor, runId, '已核对');

  describe('a definition', () => {
    it('is kept in versions that never change', async () => {
      const { id } = await add();
      const changed = await reconciliations.change(
        bo,
        id,
        await wish({ ...DEFINITION, maxBreaks: 5 }, { owner: ' 张三 ' }),
      );
      expect(changed).toMatchObject({ number: 2, owner: '张三', madeBy: 'Bo', definition: { maxBreaks: 5 } });
      await expect(db.query(`UPDATE reconciliation.version SET owner = ''`)).rejects.toThrow(/never changed/);
      const entries = await rows<{ action: string }>(
        db,
        `SELECT action FROM audit.entry WHERE subject_id = $1 ORDER BY number`,
        [id],
      );
      expect(entries.map(({ action }) => action)).toEqual(['reconciliation.added', 'reconciliation.changed']);
    });

    it.each<[string, object, string[]]>([
      ['without a check', { checks: [] }, ['definition', 'checks']],
      [
        'with a column that is not there',
        { columns: [{ left: 'amont', right: 'amt' }] },
        ['definition', 'columns', '0', 'left'],
      ],
      [
        'with types that cannot be compared',
        { columns: [{ left: 'phone', right: 'amt' }] },
        ['definition', 'columns', '0'],
      ],
      ['with a sum of a text', { checks: [{ kind: 'sum', column: 'phone' }] }, ['definition', 'checks', '0', 'column']],
      [
        'with a sum of what is not mapped',
        { checks: [{ kind: 'sum', column: 'x' }] },
        ['definition', 'checks', '0', 'column'],
      ],
      ['with keys compared and none mapped', { keys: [] }, ['definition', 'checks', '3']],
      ['with a column mapped twice', { columns: [{ left: '编号', right: 'loan_id' }] }, ['definition', 'columns']],
      ['with a filter on what is not there', { left: { where: 'nope = 1' } }, ['definition', 'where']],
      [
        'with a cut-off that is no time',
        { cutoff: { left: 'branch', right: 'org', until: { daysBack: 1, timeZone: 'UTC' } } },
        ['definition', 'cutoff', 'left'],
      ],
    ])('%s is refused at its place', async (_, change, path) => {
      const refused = add({ ...DEFINITION, ...change });
      await expect(refused).rejects.toThrow(InvalidInput);
      await expect(refused).rejects.toMatchObject({
        faults: expect.arrayContaining([expect.objectContaining({ path })]),
      });
    });

    it.each(['Asia/Nowhere', '+8', "UTC'; DROP TABLE x; --"])('with the time zone %s is refused', async (timeZone) => {
      await expect(add({ ...DEFINITION, right: { timeZone } })).rejects.toThrow(/There is no time zone/);
    });

    it('has a name of its own, and runs no more when it is retired', async () => {
      const { id } = await add();
      await expect(add()).rejects.toThrow(ReconciliationNameTaken);
      await reconciliations.retire(anna, id);
      await expect(runs.ask(anna, id)).rejects.toThrow(ReconciliationRetired);
      expect((await add()).number).toBe(1);
    });

    it('is proposed from names where lineage knows nothing, and not at all where nothing is in common', async () => {
      const [left, right] = [await core.dataset('empty_one'), await warehouse.dataset('empty_two')];
      await expect(reconciliations.suggest(left, right)).resolves.toMatchObject({
        definition: {
          keys: [{ left: 'id' }],
          columns: [{ left: 'x' }],
          checks: [{ kind: 'row_count' }, { kind: 'keys' }],
        },
        evidence: [
          { left: 'id', right: 'id', role: 'key', because: 'same_name' },
          { left: 'x', right: 'x', role: 'column', because: 'same_name' },
        ],
        unmapped: [],
      });
      await expect(reconciliations.suggest(await core.dataset('apart'), right)).rejects.toThrow(NothingInCommon);
    });

    it('is proposed from lineage through a table between', async () => {
      const node = async (source: KnownSource, table: string, column: string) => {
        const [found] = await rows<{ id: string }>(
          db,
          `INSERT INTO lineage.node (key, dataset_id, field_id) VALUES (gen_random_uuid()::text, $1, $2) RETURNING id`,
          [await source.dataset(table), await source.field(table, column)],
        );
        return found!.id;
      };
      const edge = (src: string, dst: string, subtype: string) =>
        db.query(
          `
          WITH script AS (
            INSERT INTO lineage.script (source_id, origin, name, created_at)
            VALUES ($4, 'import', gen_random_uuid()::text, now()) RETURNING id
          )
          INSERT INTO lineage.edge (src, dst, kind, subtype, script_id, digest, valid_from, recorded_from)
          SELECT $1, $2, 1, $3, id, gen_random_uuid(), now(), now() FROM script
          `,
          [src, dst, subtype, core.id],
        );
      const loan = '贷款 "loan"';
      const between = await node(warehouse, 'empty_two', 'id');
      await edge(await node(core, loan, '编号'), between, 'IDENTITY');
      await edge(between, await node(warehouse, 'dwd_loan', 'loan_id'), 'IDENTITY');
      await edge(await node(core, loan, 'amount'), await node(warehouse, 'dwd_loan', 'amt'), 'TRANSFORMATION');
      const proposal = await reconciliations.suggest(await core.dataset(loan), await warehouse.dataset('dwd_loan'));
      expect(proposal.evidence).toEqual([
        { left: '编号', right: 'loan_id', role: 'key', because: 'lineage_copy' },
        { left: 'amount', right: 'amt', role: 'column', because: 'lineage' },
      ]);
      expect(proposal.definition.checks).toEqual([
        { kind: 'row_count' },
        { kind: 'sum', column: 'amount' },
        { kind: 'keys' },
      ]);
      expect(proposal.unmapped).toEqual(['branch', 'phone', 'updated']);
      await expect(add(proposal.definition)).resolves.toMatchObject({ number: 1 });
    });
  });

  describe('a run', () => {
    it('agrees, and keeps the figures of both sides and what was asked', async () => {
      const { id } = await add();
      const run = await runOf(id);
      expect(run).toMatchObject({ verdict: 'agrees', leftRows: '4', rightRows: '4', breaks: 0, signed: 'unsigned' });
      expect(run.asOf).toEqual(start);
      expect((await runs.checksOf([run.id])).map(({ runId: _, ...check }) => check)).toEqual([
        expect.objectContaining({ kind: 'row_count', left: '4', right: '4', difference: '0', status: 'pass' }),
        expect.objectContaining({ kind: 'sum', of: 'amount', left: '600.5', right: '600.5', difference: '0' }),
        expect.objectContaining({ kind: 'groups', left: '2', right: '2', groups: expect.objectContaining({ all: 2 }) }),
        expect.objectContaining({ kind: 'keys', status: 'pass' }),
      ]);
      const statements = await runs.statementsOf([run.id]);
      expect(statements.map(({ side, purpose }) => `${side} ${purpose}`).toSorted()).toEqual([
        ...['left buckets', 'left groups', 'right buckets', 'right groups'],
      ]);
      // The dictionary knows the primary key, but from no harvest that vouches for it.
      expect(run.keys).toMatchObject({ uniqueBy: 'counted', differingBuckets: 0, complete: true });
    });

    it('finds each kind of break, with the columns that differ', async () => {
      await core.run(`
        INSERT INTO "贷款 ""loan""" VALUES (5, 'B9', 5, 'only left', NULL);
        UPDATE "贷款 ""loan""" SET branch = 'B3', amount = 0 WHERE "编号" = 4;
      `);
      await warehouse.run(`
        INSERT INTO dwd_loan VALUES (6, 'B9', 6, 'only right', NULL), (NULL, 'B0', 1, 'no key', NULL),
                                    (NULL, 'B0', 2, 'no key', NULL);
        INSERT INTO dwd_loan SELECT * FROM dwd_loan WHERE loan_id = 3;
      `);
      const { id } = await add();
      const run = await runOf(id);
      expect(run).toMatchObject({ verdict: 'breaks', leftRows: '5', rightRows: '8', breaks: 5 });
      const found = await breaksOf(id);
      expect(
        found.map(({ kind, key, columns, leftRows, rightRows }) => [kind, key[0], columns, leftRows, rightRows]),
      ).toEqual(
        expect.arrayContaining([
          ['missing_right', '5', [], 1, 0],
          ['missing_left', '6', [], 0, 1],
          ['value_differs', '4', ['branch', 'amount'], 1, 1],
          ['duplicate_key', '3', [], 1, 2],
          ['null_key', null, [], 0, 2],
        ]),
      );
      expect(found.find(({ kind }) => kind === 'value_differs')).toMatchObject({
        left: { branch: 'B3', amount: '0' },
        right: { branch: 'B2', amount: null },
      });
      const groups = (await runs.checksOf([run.id]))[2]!.groups!;
      expect(groups).toMatchObject({ all: 5, differing: 4 });
      expect(groups.found).toContainEqual({ group: ['B0'], figure: 'rows', left: '0', right: '2', difference: '2' });
    });

    it('finds keys that are twice on both sides alike, where no source vouches for them', async () => {
      const twice = `CREATE TABLE twice (id int, x text); INSERT INTO twice VALUES (1, 'a'), (1, 'a'), (2, 'b')`;
      await core.run(twice);
      await warehouse.run(twice);
      await core.read();
      await warehouse.read();
      const { id } = await add(
        { keys: [{ left: 'id' }], columns: [{ left: 'x' }], checks: [{ kind: 'keys' }] },
        { leftDatasetId: await core.dataset('twice'), rightDatasetId: await warehouse.dataset('twice') },
      );
      expect(await runOf(id)).toMatchObject({ verdict: 'breaks', keys: { uniqueBy: 'counted', breaks: 1 } });
      expect(await breaksOf(id)).toMatchObject([{ kind: 'duplicate_key', key: ['1'], leftRows: 2, rightRows: 2 }]);
    });

    it.each<[string, object, string, string]>([
      ['exactly', {}, '100.01', 'breaks'],
      ['within the absolute tolerance', { absolute: '0.01' }, '100.01', 'agrees'],
      ['beyond the absolute tolerance', { absolute: '0.01' }, '100.0101', 'breaks'],
      ['within the relative tolerance', { relative: 0.001 }, '100.1', 'agrees'],
      ['beyond the relative tolerance', { relative: 0.001 }, '100.1001', 'breaks'],
    ])('compares amounts %s', async (_, tolerance, amount, verdict) => {
      await warehouse.run(`UPDATE dwd_loan SET amt = ${amount} WHERE loan_id = 1`);
      const columns = [{ left: 'amount', right: 'amt', ...tolerance }];
      const { id } = await add({ ...DEFINITION, columns, checks: [{ kind: 'keys' }] });
      expect(await runOf(id)).toMatchObject({ verdict });
    });

    it('compares texts as it is told to', async () => {
      await core.run(
        `UPDATE "贷款 ""loan""" SET branch = CASE "编号" WHEN 1 THEN ' b1　' WHEN 2 THEN 'B1' ELSE '' END`,
      );
      await warehouse.run(`UPDATE dwd_loan SET org = CASE WHEN loan_id < 3 THEN 'b1' END`);
      const columns = [{ left: 'branch', right: 'org', trim: true, ignoreCase: true, emptyIsNull: true }];
      const { id } = await add({ ...DEFINITION, columns, checks: [{ kind: 'keys' }] });
      expect(await runOf(id)).toMatchObject({ verdict: 'agrees', keys: { differingBuckets: 0 } });
    });

    it('takes no row that came after the cut-off for a break, on either clock', async () => {
      const cutoff = { left: 'updated', right: 'updated_at', until: { daysBack: 1, timeZone: 'Asia/Shanghai' } };
      // Midnight in Shanghai on the first of June is 16:00 UTC the day before.
      await core.run(
        `INSERT INTO "贷款 ""loan""" VALUES (7, 'B1', 7, '', '2026-05-31T16:00:00Z'), (8, 'B1', 8, '', '2026-05-31T15:59:59Z')`,
      );
      await warehouse.run(
        `INSERT INTO dwd_loan VALUES (8, 'B1', 8, '', '2026-05-31 23:59:59'), (9, 'B1', 9, '', '2026-06-01 00:00:00')`,
      );
      const { id } = await add({ ...DEFINITION, cutoff });
      const run = await runOf(id);
      expect(run).toMatchObject({ verdict: 'agrees', leftRows: '5', rightRows: '5' });
      expect(run.cutoff).toEqual(new Date('2026-05-31T16:00:00Z'));
    });

    it('looks at the rows of the filters only', async () => {
      await core.run(`INSERT INTO "贷款 ""loan""" VALUES (50, 'X', 1, '', NULL)`);
      const { id } = await add({ ...DEFINITION, left: { where: "branch <> 'X'" } });
      expect(await runOf(id)).toMatchObject({ verdict: 'agrees', leftRows: '4' });
    });

    it.each<[string, string, string, string]>([
      ['both sides empty', '', '', 'not_evaluated'],
      ['the left side empty', '', `INSERT INTO empty_two VALUES (1, 'a')`, 'breaks'],
      ['the right side empty', `INSERT INTO empty_one VALUES (1, 'a')`, '', 'breaks'],
    ])('with %s', async (_, left, right, verdict) => {
      if (left !== '') await core.run(left);
      if (right !== '') await warehouse.run(right);
      const { id } = await add(
        { keys: [{ left: 'id' }], columns: [{ left: 'x' }], checks: [{ kind: 'row_count' }, { kind: 'keys' }] },
        { leftDatasetId: await core.dataset('empty_one'), rightDatasetId: await warehouse.dataset('empty_two') },
      );
      expect(await runOf(id)).toMatchObject({ verdict });
    });

    it('says that its list is incomplete, and then closes nothing', async () => {
      await warehouse.run(`UPDATE dwd_loan SET org = 'changed'`);
      const { id } = await add({ ...DEFINITION, maxBreaks: 2 });
      expect(await runOf(id)).toMatchObject({ verdict: 'breaks', breaks: 2, keys: { breaks: 4, complete: false } });
      await warehouse.run(`UPDATE dwd_loan SET org = CASE WHEN loan_id < 3 THEN 'B1' ELSE 'B2' END WHERE loan_id <> 4;
                           INSERT INTO dwd_loan SELECT g, 'n', 0, '', NULL FROM generate_series(10, 14) AS g`);
      expect(await runOf(id)).toMatchObject({ keys: { breaks: 6, complete: false } });
      expect((await breaksOf(id)).filter(({ state }) => state === 'closed')).toEqual([]);
    });

    it.each(['left', 'right'] as const)('is an error, never a difference, when the %s side is gone', async (side) => {
      const { id } = await add();
      await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
      await runOf(id);
      await (side === 'left' ? core.run(`DROP TABLE "贷款 ""loan"""`) : warehouse.run(`DROP TABLE dwd_loan`));
      const run = await runOf(id);
      expect(run).toMatchObject({
        state: 'succeeded',
        verdict: 'error',
        errorSide: side,
        errorCode: 'SOURCE_QUERY_FAILED',
      });
      // The break of before is as it was.
      expect(await breaksOf(id)).toMatchObject([{ state: 'open', runsSeen: 1 }]);
      await expect(sign(anna, run.id)).rejects.toThrow(RunNotToBeSigned);
    });

    it('is an error of the paused source', async () => {
      const { id } = await add();
      await context.app.get(Sources).pause(anna, warehouse.id, true);
      expect(await runOf(id)).toMatchObject({ verdict: 'error', errorSide: 'right', errorCode: 'SOURCE_PAUSED' });
    });

    it('ends once, however often it is carried out, and once for a due time', async () => {
      const { id } = await add();
      const run = await runs.ask(anna, id);
      await carryOut(run);
      await carryOut(run);
      expect(await runs.statementsOf([run.id])).toHaveLength(4);
      const due = new Date('2026-06-01T00:00:00Z');
      expect(await runs.whenDue(anna, id, due)).toBeDefined();
      expect(await runs.whenDue(anna, id, due)).toBeUndefined();
      await expect(
        db.query(`UPDATE reconciliation.run SET verdict = 'breaks' WHERE id = $1`, [run.id]),
      ).rejects.toThrow(/never changed/);
    });

    it('keeps neither keys nor values of fields that are secret, not even by a hash', async () => {
      await core.classify('贷款 "loan"', 'phone', 'L4');
      await warehouse.run(`UPDATE dwd_loan SET mobile = '13999999999', org = 'Z' WHERE loan_id = 1`);
      const definition = {
        ...DEFINITION,
        keys: [{ left: 'phone', right: 'mobile' }],
        columns: [{ left: 'branch', right: 'org' }],
        checks: [{ kind: 'keys' }, { kind: 'groups', by: ['phone'] }],
      };
      const { id } = await add(definition);
      const run = await runOf(id);
      expect((await breaksOf(id)).map(({ key }) => key)).toEqual([['•••'], ['•••']]);
      expect((await runs.checksOf([run.id]))[1]!.groups).toMatchObject({ withheld: ['phone'] });
      const kept = await rows(
        db,
        `SELECT to_jsonb(each)::text AS text FROM reconciliation.statement AS each WHERE run_id = $1
         UNION ALL SELECT to_jsonb(each)::text FROM reconciliation.check_found AS each WHERE run_id = $1
         UNION ALL SELECT to_jsonb(each)::text FROM reconciliation.break AS each
         UNION ALL SELECT details::text FROM audit.entry`,
        [run.id],
      );
      const all = JSON.stringify(kept);
      expect(all).not.toContain('13999999999');
      expect(all).not.toContain('13800000001');
      expect(all).toContain('/* hashes of keys */');
    });
  });

  describe('a break', () => {
    const broken = async () => {
      await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
      const { id } = await add();
      await runOf(id);
      return id;
    };

    it('is the same in the next run, grows old, is closed when it is gone, and is another one later', async () => {
      const id = await broken();
      const [first] = await breaksOf(id);
      clock.set(new Date(start.getTime() + 9 * DAY));
      const again = await runOf(id);
      expect(await breaksOf(id)).toMatchObject([
        { id: first!.id, runsSeen: 2, openDays: 9, firstSeenAt: start, lastRunId: again.id, state: 'open' },
      ]);
      const ages = () => context.app.get(Breaks).ages({ reconciliationId: id });
      expect(await ages()).toEqual({ days_0_1: 0, days_2_7: 0, days_8_30: 1, days_over_30: 0 });
      expect(await breaksOf(id, { age: 'days_2_7' })).toEqual([]);
      await warehouse.run(`UPDATE dwd_loan SET org = 'B1' WHERE loan_id = 1`);
      await runOf(id);
      expect(await breaksOf(id)).toMatchObject([{ id: first!.id, state: 'closed', openDays: 9 }]);
      expect(await ages()).toEqual({ days_0_1: 0, days_2_7: 0, days_8_30: 0, days_over_30: 0 });
      await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
      await runOf(id);
      expect((await breaksOf(id, { states: ['open'] })).map((each) => each.id)).not.toContain(first!.id);
    });

    it('is explained or written off with a reason, until its values are others', async () => {
      const id = await broken();
      const breaks = context.app.get(Breaks);
      const breakId = (await breaksOf(id))[0]!.id;
      await expect(breaks.explain(anna, breakId, '  ')).rejects.toThrow(InvalidInput);
      expect(await breaks.explain(anna, breakId, '迟到数据')).toMatchObject({ state: 'explained', reason: '迟到数据' });
      expect(await breaks.writeOff(bo, breakId, 'too small')).toMatchObject({ state: 'written_off', decidedBy: 'Bo' });
      await runOf(id);
      expect(await breaks.get(breakId)).toMatchObject({ state: 'written_off', runsSeen: 2 });
      await warehouse.run(`UPDATE dwd_loan SET org = 'yet another' WHERE loan_id = 1`);
      await runOf(id);
      expect(await breaks.get(breakId)).toMatchObject({ state: 'open', reason: '' });
      expect((await breaks.eventsOf([breakId])).map(({ kind }) => kind)).toEqual([
        ...['opened', 'explained', 'written_off', 'lifted'],
      ]);
      await warehouse.run(`UPDATE dwd_loan SET org = 'B1' WHERE loan_id = 1`);
      await runOf(id);
      await expect(breaks.writeOff(bo, breakId, 'late')).rejects.toThrow(BreakClosed);
    });
  });

  describe('sign-off', () => {
    it('takes one person where everything agrees', async () => {
      const run = await runOf((await add()).id);
      expect(await sign(anna, run.id)).toMatchObject({ signed: 'signed' });
      await expect(sign(bo, run.id)).rejects.toThrow(RunNotToBeSigned);
      expect(await context.app.get(SignOffs).ofRuns([run.id])).toMatchObject([
        { byWhom: '安娜', comment: '已核对', needed: 1, openBreaks: 0 },
      ]);
      await expect(db.query(`DELETE FROM reconciliation.sign_off WHERE run_id = $1`, [run.id])).rejects.toThrow(
        /never/,
      );
    });

    it('takes a second person where breaks are open', async () => {
      await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
      const run = await runOf((await add()).id);
      expect(await sign(anna, run.id)).toMatchObject({ signed: 'awaiting_second' });
      await expect(sign(anna, run.id)).rejects.toThrow(SignedBySamePerson);
      expect(await sign(bo, run.id)).toMatchObject({ signed: 'signed' });
    });

    it('takes one person where all breaks are written off, but two where a figure differs', async () => {
      await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
      const one = await add({ ...DEFINITION, checks: [{ kind: 'keys' }] });
      const run = await runOf(one.id);
      const { id } = (await breaksOf(one.id))[0]!;
      await context.app.get(Breaks).writeOff(anna, id, 'known');
      expect(await sign(anna, run.id)).toMatchObject({ signed: 'signed' });
      const figures = await add({ ...DEFINITION, checks: [{ kind: 'groups', by: ['branch'] }] }, { name: 'figures' });
      expect(await sign(anna, (await runOf(figures.id)).id)).toMatchObject({ signed: 'awaiting_second' });
      await reconciliations.retire(anna, figures.id);
    });

    it('waits for a result, and asks for a comment', async () => {
      const { id } = await add();
      await expect(sign(anna, (await runs.ask(anna, id)).id)).rejects.toThrow(RunNotToBeSigned);
      await expect(context.app.get(SignOffs).sign(anna, (await runOf(id)).id, ' ')).rejects.toThrow(InvalidInput);
    });
  });

  it('tells reports the same for a period for ever', async () => {
    await warehouse.run(`UPDATE dwd_loan SET org = 'other' WHERE loan_id = 1`);
    const { id, name } = await add();
    const run = await runOf(id);
    await sign(anna, run.id);
    const [from, to] = [new Date(start.getTime() - DAY), new Date(start.getTime() + 5 * DAY)];
    const facts = async () =>
      (await context.app.get(ReconciliationFacts).reportFacts({ from, to, knownAt: to })).find(
        (each) => each.name === name,
      );
    const before = await facts();
    expect(before).toMatchObject({
      ...{ runs: { agrees: 0, breaks: 1, not_evaluated: 0, error: 0 }, openBreaks: 1, writtenOff: 0 },
      ...{ openBreaksByAge: { days_0_1: 0, days_2_7: 1, days_8_30: 0, days_over_30: 0 } },
      last: { runId: run.id, verdict: 'breaks', leftRows: '4', signed: 'awaiting_second' },
    });
    clock.set(new Date(start.getTime() + 6 * DAY));
    await sign(bo, run.id);
    await warehouse.run(`UPDATE dwd_loan SET org = 'B1' WHERE loan_id = 1`);
    await runOf(id);
    expect(await facts()).toEqual(before);
  });
});
