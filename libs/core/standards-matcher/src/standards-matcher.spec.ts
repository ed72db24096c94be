import {
  type CodesFound,
  type ElementFacts,
  type FieldFacts,
  judgeField,
  suggestMappings,
} from '#core/standards-matcher';

const field = (more: Partial<FieldFacts> = {}): FieldFacts => ({
  id: 'f',
  name: 'x',
  comment: null,
  businessName: null,
  nativeType: 'character varying(18)',
  typeFamily: 'text',
  length: 18,
  precision: null,
  scale: null,
  nullable: false,
  ...more,
});
const element = (more: Partial<ElementFacts> = {}): ElementFacts => ({
  id: 'e',
  code: 'DE0001',
  nameEn: 'Certificate number',
  nameZh: '证件号码',
  typeFamily: 'text',
  length: 18,
  precision: null,
  scale: null,
  nullable: false,
  codeSet: null,
  ...more,
});

describe('suggested mappings', () => {
  const elements = [
    element({ id: 'cert', code: 'CERT_NO', nameEn: 'Certificate number', nameZh: '证件号码' }),
    element({ id: 'certType', code: 'CERT_TYPE_CD', nameEn: 'Certificate type code', nameZh: '证件类型代码' }),
    element({ id: 'custNo', code: 'CUST_NO', nameEn: 'Customer number', nameZh: '客户编号' }),
    element({ id: 'custName', code: 'CUST_NM', nameEn: 'Customer name', nameZh: '客户名称' }),
    element({ id: 'balance', code: 'ACCT_BAL', nameEn: 'Account balance', nameZh: '账户余额', typeFamily: 'decimal' }),
    element({ id: 'birth', code: 'BIRTH_DT', nameEn: 'Birth date', nameZh: '出生日期', typeFamily: 'date' }),
  ];

  it.each<[string, Partial<FieldFacts>, string[]]>([
    ['the code itself', { name: 'cert_no' }, ['cert 1']],
    ['the code in camels', { name: 'certNo' }, ['cert 1']],
    ['the English name, with roots', { name: 'customer_no' }, ['custNo 1']],
    ['the Chinese name as comment', { name: 'c7', comment: '客户名称' }, ['custName 1']],
    ['the Chinese name with more behind', { name: 'c7', comment: '证件号码（个人）' }, ['cert 0.81']],
    ['a steward’s business name', { name: 'c7', businessName: '出生日期', typeFamily: 'date' }, ['birth 1']],
    ['a full-width name', { name: 'ＣＵＳＴ＿ＮＯ' }, ['custNo 1']],
    ['a type that cannot be right', { name: 'acct_bal' }, ['balance 0.7']],
    ['a type that fits', { name: 'acct_bal', typeFamily: 'decimal' }, ['balance 1']],
    ['another order of words', { name: 'no_of_cust' }, ['custNo 0.76']],
    ['several, the likeliest first', { name: 'cert_type' }, ['certType 0.76']],
    ['emoji and quotes', { name: `"😀'`, comment: '😀' }, []],
    ['nothing alike', { name: 'created_by', comment: '创建人' }, []],
    ['one character in common', { name: 'c', comment: '户' }, []],
  ])('%s', (_, more, expected) => {
    const found = suggestMappings([field(more)], elements);
    expect(found.map(({ elementId, score }) => `${elementId} ${score}`)).toEqual(expected);
  });

  it('say what they rest on', () => {
    const [found] = suggestMappings([field({ name: 'acct_bal', comment: '账户余额' })], elements);
    expect(found?.evidence).toEqual([
      { kind: 'same_code', field: 'name', element: 'code', likeness: 1 },
      { kind: 'same_name', field: 'name', element: 'nameEn', likeness: 1 },
      { kind: 'same_name', field: 'comment', element: 'nameZh', likeness: 1 },
      { kind: 'type_differs', field: 'type', element: 'type', likeness: 0 },
    ]);
  });

  it('are the same whatever the order of the elements', () => {
    const fields = [field({ name: 'cust', comment: '客户' }), field({ name: 'cert_type_no' })];
    expect(suggestMappings(fields, [...elements].reverse())).toEqual(suggestMappings(fields, elements));
  });
});

describe('verdicts', () => {
  const outcomes = (f: Partial<FieldFacts>, e: Partial<ElementFacts>, codes: CodesFound | null = null) => {
    const { overall, aspects } = judgeField(field(f), element(e), codes);
    const notable = aspects.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not_required');
    return [overall, ...notable.map(({ aspect, outcome }) => `${aspect} ${outcome}`)];
  };
  const gender = { nameEn: 'Gender', nameZh: '性别' };
  const counted = (rows: number, badRows: number): CodesFound => ({
    state: 'counted',
    rows,
    badRows,
    distinctBadCodes: badRows,
    badCodes: [],
  });

  it.each<[string, Partial<FieldFacts>, Partial<ElementFacts>, CodesFound | null, string[]]>([
    ['as the standard says', {}, {}, null, ['pass']],
    ['another type', { typeFamily: 'integer', nativeType: 'integer' }, {}, null, ['fail', 'type fail']],
    ['a type nobody knows', { typeFamily: 'other' }, {}, null, ['not_evaluated', 'type not_evaluated']],
    ['whole numbers for decimals', { typeFamily: 'integer' }, { typeFamily: 'decimal', scale: 0 }, null, ['pass']],
    [
      'no fraction possible',
      { typeFamily: 'integer' },
      { typeFamily: 'decimal', scale: 2 },
      null,
      ['fail', 'type fail'],
    ],
    ['too short', { length: 15 }, {}, null, ['fail', 'length fail']],
    ['too long', { length: 20 }, {}, null, ['fail', 'length fail']],
    ['any length', { length: null }, {}, null, ['fail', 'length fail']],
    ['no length asked for', { length: null }, { length: null }, null, ['pass']],
    [
      'precision',
      { typeFamily: 'decimal', precision: 18, scale: 2 },
      { typeFamily: 'decimal', precision: 20, scale: 2 },
      null,
      ['fail', 'length fail'],
    ],
    [
      'the same precision',
      { typeFamily: 'decimal', precision: 18, scale: 2 },
      { typeFamily: 'decimal', precision: 18, scale: 2 },
      null,
      ['pass'],
    ],
    ['may be empty', { nullable: true }, {}, null, ['fail', 'nullability fail']],
    ['need not be filled but is', { nullable: false }, { nullable: true }, null, ['pass']],
    ['codes all known', {}, { codeSet: gender }, counted(5, 0), ['pass']],
    ['unknown codes', {}, { codeSet: gender }, counted(5, 1), ['fail', 'codes fail']],
    ['no values', {}, { codeSet: gender }, counted(0, 0), ['not_evaluated', 'codes not_evaluated']],
    ['nobody looked', {}, { codeSet: gender }, null, ['not_evaluated', 'codes not_evaluated']],
    [
      'the source was away',
      {},
      { codeSet: gender },
      { state: 'error', reason: { en: 'x', zh: 'x' } },
      ['error', 'codes error'],
    ],
    [
      'the source was away, but the type is wrong anyway',
      { typeFamily: 'date' },
      { codeSet: gender },
      { state: 'error', reason: { en: 'x', zh: 'x' } },
      ['fail', 'type fail', 'codes error'],
    ],
    ['codes counted for no code set', {}, {}, counted(5, 5), ['pass']],
  ])('%s', (_, f, e, codes, expected) => {
    expect(outcomes(f, e, codes)).toEqual(expected);
  });

  it('come with sentences in both languages', () => {
    const { aspects } = judgeField(field({ length: 15 }), element({ codeSet: gender }), counted(10, 3));
    expect(aspects.map(({ reason }) => reason)).toEqual([
      null,
      {
        en: 'The column holds 15 characters; the standard asks for 18. Longer values do not fit in.',
        zh: '字段长度为 15，标准要求 18，合规的值可能放不下。',
      },
      null,
      {
        en: '3 of 10 rows have a value that is not in the code set Gender: 3 different values.',
        zh: '10 行中有 3 行的取值不在代码集“性别”内，共 3 种取值。',
      },
    ]);
  });
});
