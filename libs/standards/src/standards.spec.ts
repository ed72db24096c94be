import { type Actor, FixedClock, InvalidInput, NotFound, systemActor } from '#kernel';
import { rows } from '#platform/database';
import { sourcesEntities } from '#sources';
import {
  ChangedMeanwhile,
  CodeSets,
  CodeTaken,
  type CodeValue,
  Compliance,
  DataElements,
  type DataElementWish,
  FieldMappedAlready,
  Mappings,
  StandardsCheck,
  standardsEntities,
  StandardsModule,
  Verdicts,
  WrongState,
} from '#standards';
import { DataSource } from 'typeorm';

import { cataloguedSource, type CataloguedSource } from '../../../test/support/catalogued-source.js';
import { testContext, type TestContext } from '../../../test/support/context.js';

const actor: Actor = systemActor('王 steward 😀');
const clock = new FixedClock(new Date('2026-11-21T04:00:00Z'));
const first50 = { first: 50 };

const value = (code: string, more: Partial<CodeValue> = {}): CodeValue => ({
  code,
  nameEn: '',
  nameZh: `值${code}`,
  parentCode: null,
  validFrom: null,
  validTo: null,
  ...more,
});
const set = (values: readonly CodeValue[]) => ({
  nameEn: 'Gender',
  nameZh: '性别 "x" 😀',
  definition: '',
  basis: 'GB/T 2261.1-2003',
  owner: '',
  values,
});
const element = (more: Partial<DataElementWish> = {}): DataElementWish => ({
  nameEn: '',
  nameZh: '',
  definition: '',
  typeFamily: 'text',
  length: null,
  precision: null,
  scale: null,
  nullable: true,
  codeSetId: null,
  identifierFormat: null,
  securityLevel: null,
  owner: '零售部',
  ...more,
});

describe('standards', () => {
  let context: TestContext;
  let codeSets: CodeSets;
  let elements: DataElements;
  let mappings: Mappings;
  let check: StandardsCheck;
  let verdicts: Verdicts;
  let counter = 0;
  const code = (prefix: string) => `${prefix}-${++counter}`;
  const still = { signal: new AbortController().signal, progress: () => undefined };

  beforeAll(async () => {
    context = await testContext([StandardsModule], [...sourcesEntities, ...standardsEntities], clock);
    codeSets = context.app.get(CodeSets);
    elements = context.app.get(DataElements);
    mappings = context.app.get(Mappings);
    check = context.app.get(StandardsCheck);
    verdicts = context.app.get(Verdicts);
  });
  afterAll(() => context.stop());

  const published = async (elementCode: string, more: Partial<DataElementWish>) => {
    const added = await elements.add(actor, elementCode, element({ nameEn: elementCode, ...more }));
    return elements.publish(actor, added.id);
  };

  describe('code sets', () => {
    it('keep what their values were', async () => {
      const added = await codeSets.add(actor, code('性别'), set([value('1'), value('2'), value("'; --")]));
      clock.set(new Date('2026-11-21T05:00:00Z'));
      await codeSets.change(actor, added.id, 1, set([value('2'), value('1', { nameZh: '男' }), value('9')]));
      const codesAt = async (at: Date | null) =>
        (await codeSets.valuesOf([added.id], at)).map((one) => `${one.code} ${one.nameZh}`);
      expect(await codesAt(null)).toEqual(['2 值2', '1 男', '9 值9']);
      expect(await codesAt(new Date('2026-11-21T04:30:00Z'))).toEqual(['1 值1', '2 值2', "'; -- 值'; --"]);
    });

    it('change twice to the same is no change of the values', async () => {
      const added = await codeSets.add(actor, code('twice'), set([value('1')]));
      await codeSets.change(actor, added.id, 1, set([value('1')]));
      const kept = await rows(
        context.app.get(DataSource),
        `SELECT 1 FROM standards.code_value WHERE code_set_id = $1`,
        [added.id],
      );
      expect(kept).toHaveLength(1);
    });

    it('know which codes may be used on a day', async () => {
      const values = [value('1'), value('2', { validTo: '2026-10-31' }), value('3', { validFrom: '2026-11-01' })];
      const added = await codeSets.add(actor, code('days'), set(values));
      expect(await codeSets.codesOn(added.id, '2026-10-31')).toEqual(['1', '2']);
      expect(await codeSets.codesOn(added.id, '2026-11-01')).toEqual(['1', '3']);
    });

    it.each<[string, CodeValue[], string[]]>([
      ['a code twice', [value('1'), value('1')], ['values', '1', 'code']],
      ['no code', [value('')], ['values', '0', 'code']],
      ['an unknown parent', [value('1', { parentCode: '7' })], ['values', '0', 'parentCode']],
      ['a day that is none', [value('1', { validFrom: '2026-13-01' })], ['values', '0', 'validFrom']],
      [
        'an end before the beginning',
        [value('1', { validFrom: '2026-02-01', validTo: '2026-01-01' })],
        ['values', '0', 'validTo'],
      ],
    ])('refuse %s', async (_, values, path) => {
      await expect(codeSets.add(actor, code('bad'), set(values))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        inputPath: path,
      });
    });

    it('refuse a code that is taken, a change that is based on an old one, and unknown ids', async () => {
      const added = await codeSets.add(actor, 'Taken', set([]));
      await expect(codeSets.add(actor, 'taken', set([]))).rejects.toThrow(CodeTaken);
      await codeSets.change(actor, added.id, 1, set([]));
      await expect(codeSets.change(actor, added.id, 1, set([]))).rejects.toThrow(ChangedMeanwhile);
      await expect(codeSets.get('00000000-0000-0000-0000-000000000000')).rejects.toThrow(NotFound);
    });
  });

  describe('data elements', () => {
    const versions = async (id: string) =>
      (await elements.versionsOf([id])).map(
        ({ version, length, effectiveFrom }) => `${version}: ${length} ${effectiveFrom ?? 'draft'}`,
      );

    it('a draft is changed itself; what was published becomes history', async () => {
      const added = await elements.add(actor, code('证件号码'), element({ nameZh: '证件号码', length: 15 }));
      await elements.change(actor, added.id, 1, element({ nameZh: '证件号码', length: 18 }));
      expect(await versions(added.id)).toEqual(['1: 18 draft']);
      expect((await elements.publish(actor, added.id)).state).toBe('published');
      await elements.change(actor, added.id, 2, element({ nameZh: '证件号码', length: 20 }));
      expect(await versions(added.id)).toEqual(['2: 20 draft', '1: 18 2026-11-21']);
      await elements.publish(actor, added.id, '2027-01-01');
      expect(await versions(added.id)).toEqual(['2: 20 2027-01-01', '1: 18 2026-11-21']);
    });

    it('publishing asks for a check of its fields', async () => {
      const { id } = await published(code('asks'), {});
      const jobs = await rows(context.app.get(DataSource), `SELECT payload FROM platform.job WHERE subject_id = $1`, [
        id,
      ]);
      expect(jobs).toEqual([{ payload: { elementId: id } }]);
    });

    it.each<[string, Partial<DataElementWish>, string]>([
      ['no name', { nameEn: '', nameZh: ' ' }, 'nameZh'],
      ['a length of a date', { typeFamily: 'date', length: 8 }, 'length'],
      ['a length of nothing', { length: 0 }, 'length'],
      ['a precision of a text', { precision: 4 }, 'precision'],
      ['a scale beyond the precision', { typeFamily: 'decimal', precision: 4, scale: 5 }, 'scale'],
      ['an identifier that is a number', { typeFamily: 'integer', identifierFormat: 'mobile' }, 'identifierFormat'],
    ])('refuse %s', async (_, more, path) => {
      await expect(elements.add(actor, code('bad'), element({ nameEn: 'x', ...more }))).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        inputPath: [path],
      });
    });

    it('refuse unknown code sets, old revisions, a second publishing, an earlier day and changes of retired ones', async () => {
      const unknown = '00000000-0000-0000-0000-000000000000';
      const wish = element({ nameEn: 'x' });
      await expect(elements.add(actor, code('x'), { ...wish, codeSetId: unknown })).rejects.toThrow(NotFound);
      const { id } = await elements.add(actor, code('x'), wish);
      await expect(elements.change(actor, id, 7, wish)).rejects.toThrow(ChangedMeanwhile);
      await elements.publish(actor, id, '2026-12-01');
      await expect(elements.publish(actor, id)).rejects.toThrow(WrongState);
      await elements.change(actor, id, 1, wish);
      await expect(elements.publish(actor, id, '2026-11-30')).rejects.toThrow(InvalidInput);
      await elements.retire(actor, id, '不再使用');
      await expect(elements.retire(actor, id, '')).rejects.toThrow(WrongState);
      await expect(elements.change(actor, id, 1, wish)).rejects.toThrow(WrongState);
    });

    it('are found by part of a name, of any version', async () => {
      const { id } = await elements.add(actor, code('find'), element({ nameZh: '账户余额' }));
      expect((await elements.list({ search: '户余' }, first50)).items.map((one) => one.id)).toEqual([id]);
      expect((await elements.list({ search: '%' }, first50)).items).toEqual([]);
    });
  });

  describe('mappings and verdicts', () => {
    let source: CataloguedSource;
    let gender: string;
    const table = 'public.客户 "1" 😀';

    beforeAll(async () => {
      source = await cataloguedSource(
        context.app,
        '核心 "core" 😀',
        `
        CREATE TABLE "客户 ""1"" 😀" (cust_id bigint PRIMARY KEY, cert_no varchar(15), sex_cd varchar(2), bal numeric(18,2),
                                    "备注 ""x""" text);
        COMMENT ON COLUMN "客户 ""1"" 😀".sex_cd IS '性别代码';
        INSERT INTO "客户 ""1"" 😀"
          SELECT n, 'x' || n, (ARRAY['1', '2', 'M', 'F', '未', NULL])[n % 6 + 1], 1, NULL FROM generate_series(1, 60) AS n;
        `,
      );
      gender = (await codeSets.add(actor, 'SEX', set([value('1'), value('2')]))).id;
    });
    afterAll(() => source.drop());

    const suggested = async () =>
      (await mappings.list({ sourceId: source.id, states: ['suggested'] }, first50)).items.map(
        (one) => `${one.fieldName} = ${one.elementCode} ${one.score}`,
      );

    it('are suggested, decided, and not suggested again when they were rejected', async () => {
      const cert = await published('CERT_NO', { nameZh: '证件号码', length: 18 });
      const sex = await published('SEX_CD', { nameZh: '性别代码', length: 2, codeSetId: gender });
      await elements.add(actor, 'CUST_ID', element({ nameZh: '客户标识' })); // a draft is not in force
      expect(await mappings.suggest(actor, source.id)).toEqual({ suggested: 2, withdrawn: 0, fields: 5 });
      expect(await suggested()).toEqual(['cert_no = CERT_NO 1', 'sex_cd = SEX_CD 1']);
      expect(await mappings.suggest(actor, source.id)).toMatchObject({ suggested: 0, withdrawn: 0 });

      const [first] = (await mappings.list({ elementId: cert.id }, first50)).items;
      await expect(mappings.reject(actor, first?.id ?? '', ' ')).rejects.toThrow(InvalidInput);
      await mappings.reject(actor, first?.id ?? '', '不是证件号码');
      await mappings.suggest(actor, source.id);
      expect(await suggested()).toEqual(['sex_cd = SEX_CD 1']);

      const [second] = (await mappings.list({ elementId: sex.id }, first50)).items;
      const confirmed = await mappings.confirm(actor, second?.id ?? '', '');
      expect(confirmed).toMatchObject({ state: 'confirmed', decidedBy: actor.name, score: 1, present: true });
      expect(await mappings.confirm(actor, confirmed.id, '')).toEqual(confirmed);
      await expect(mappings.map(actor, confirmed.fieldId, cert.id, '')).rejects.toThrow(FieldMappedAlready);
      // Somebody may change his mind about a rejected one.
      expect((await mappings.confirm(actor, first?.id ?? '', '还是的')).state).toBe('confirmed');
    });

    it('refuse drafts, unknown fields and unknown mappings', async () => {
      const draft = await elements.add(actor, code('draft'), element({ nameEn: 'd' }));
      const field = source.field(table, 'bal');
      const unknown = '00000000-0000-0000-0000-000000000000';
      await expect(mappings.map(actor, field, draft.id, '')).rejects.toThrow(WrongState);
      await elements.publish(actor, draft.id);
      await expect(mappings.map(actor, unknown, draft.id, '')).rejects.toThrow(NotFound);
      await expect(mappings.confirm(actor, unknown, '')).rejects.toThrow(NotFound);
    });

    it('are judged aspect by aspect, with the values counted in the source', async () => {
      const summary = await check.run(actor, { sourceId: source.id }, still);
      expect(summary).toEqual({ checked: 2, changed: 2, pass: 0, fail: 2, not_evaluated: 0, error: 0 });
      const failing = (await mappings.list({ sourceId: source.id, verdicts: ['fail'] }, first50)).items;
      const bySex = failing.find(({ fieldName }) => fieldName === 'sex_cd');
      const [verdict] = await verdicts.current([bySex?.id ?? '']);
      // 60 rows: of six values ten each; 10 are NULL, 10 M, 10 F, 10 未.
      expect(verdict).toMatchObject({ overall: 'fail', checkedRows: 50, badRows: 30, distinctBadCodes: 3 });
      expect([...(verdict?.badCodes ?? [])].sort()).toEqual(['F', 'M', '未']);
      expect(verdict?.aspects.find(({ aspect }) => aspect === 'codes')?.reason).toEqual({
        en: '30 of 50 rows have a value that is not in the code set Gender: 3 different values.',
        zh: '50 行中有 30 行的取值不在代码集“性别 "x" 😀”内，共 3 种取值。',
      });
      expect(verdict?.aspects.map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'not_required', 'fail']);
    });

    it('an unchanged verdict is confirmed, not written again; another one is history', async () => {
      clock.set(new Date('2026-11-22T05:00:00Z'));
      expect(await check.run(actor, { sourceId: source.id }, still)).toMatchObject({ checked: 2, changed: 0 });
      const [mapping] = (await mappings.list({ fieldId: source.field(table, 'sex_cd') }, first50)).items;
      const id = mapping?.id ?? '';
      const [same] = await verdicts.history([id]);
      expect([same?.recordedFrom, same?.checkedAt].map((at) => at?.toISOString())).toEqual([
        '2026-11-21T05:00:00.000Z',
        '2026-11-22T05:00:00.000Z',
      ]);
      await source.run(`UPDATE "客户 ""1"" 😀" SET sex_cd = '1'`);
      clock.set(new Date('2026-11-23T05:00:00Z'));
      expect(await check.run(actor, { sourceId: source.id }, still)).toMatchObject({ changed: 1, pass: 1 });
      expect((await verdicts.history([id])).map(({ overall, recordedTo }) => [overall, recordedTo === null])).toEqual([
        ['pass', true],
        ['fail', false],
      ]);
    });

    it('keep no values of a sensitive column', async () => {
      await source.run(`UPDATE "客户 ""1"" 😀" SET sex_cd = '秘' WHERE cust_id = 1`);
      await context.app.get(DataSource).query(
        `INSERT INTO dictionary.entry (field_id, security_level, origin, changed_at, changed_by)
         VALUES ($1, 'L4', 'person', now(), 'x')`,
        [source.field(table, 'sex_cd')],
      );
      await check.run(actor, { sourceId: source.id }, still);
      const [mapping] = (await mappings.list({ fieldId: source.field(table, 'sex_cd') }, first50)).items;
      const [verdict] = await verdicts.current([mapping?.id ?? '']);
      expect(verdict).toMatchObject({ overall: 'fail', badRows: 1, distinctBadCodes: 1, badCodes: [] });
    });

    it('are counted as rates by source, element and owner', async () => {
      const rates = context.app.get(Compliance);
      const bySource = (await rates.rates('source')).find(({ key }) => key === source.id);
      expect(bySource).toMatchObject({ fields: 5, mapped: 2, pass: 0, fail: 2, unchecked: 0 });
      const byElement = (await rates.rates('element')).find(({ name }) => name === 'SEX_CD');
      expect(byElement).toMatchObject({ fields: 1, mapped: 1, fail: 1 });
      expect((await rates.rates('owner')).map(({ key, fields }) => [key, fields])).toEqual([['', 5]]);
    });

    it('a source that is away makes an error, not a failure, and the rest is still judged', async () => {
      const away = await cataloguedSource(
        context.app,
        'away',
        `CREATE TABLE t (sex_cd varchar(2), sex_cd2 varchar(9))`,
      );
      const sex = (await elements.list({ search: 'SEX_CD' }, first50)).items[0];
      await mappings.map(actor, away.field('public.t', 'sex_cd'), sex?.id ?? '', '');
      await mappings.map(actor, away.field('public.t', 'sex_cd2'), sex?.id ?? '', '');
      await away.drop();
      const summary = await check.run(actor, { sourceId: away.id }, still);
      expect(summary).toMatchObject({ checked: 2, error: 1, fail: 1 });
      const [failed] = (await mappings.list({ sourceId: away.id, verdicts: ['error'] }, first50)).items;
      const [verdict] = await verdicts.current([failed?.id ?? '']);
      expect(verdict?.aspects.at(-1)).toMatchObject({
        outcome: 'error',
        reason: { zh: '无法读取字段取值：数据库不存在。' },
      });
    });

    it('a rejected mapping and a retired element have no verdict any more', async () => {
      const cert = (await mappings.list({ fieldId: source.field(table, 'cert_no') }, first50)).items[0];
      await mappings.reject(actor, cert?.id ?? '', '不是');
      expect(await verdicts.current([cert?.id ?? ''])).toEqual([]);
      const sex = (await mappings.list({ fieldId: source.field(table, 'sex_cd') }, first50)).items[0];
      await elements.retire(actor, sex?.elementId ?? '', '');
      expect(await verdicts.current([sex?.id ?? ''])).toEqual([]);
      expect(await check.run(actor, { sourceId: source.id }, still)).toMatchObject({ checked: 0 });
    });
  });
});
