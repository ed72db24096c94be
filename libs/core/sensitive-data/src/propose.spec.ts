import {
  type Category,
  type ColumnFacts,
  contextOf,
  matchValues,
  propose,
  proposeForDataset,
} from '#core/sensitive-data';

import { bankCard, creditCode, mobile, residentId } from './sensitive-data.fixture.js';

const many = <T>(make: (n: number) => T, count = 40) => Array.from({ length: count }, (_, n) => make(n));
const text = (name: string, comment: string | null = null): ColumnFacts => ({
  name,
  comment,
  typeFamily: 'text',
  length: 200,
});
const first = (column: ColumnFacts, dataset = 't', beside: readonly string[] = [], values?: readonly unknown[]) => {
  const context = contextOf({ name: dataset, fields: [column, ...beside.map((name) => ({ name }))] });
  return propose(column, context, values && matchValues(values))[0];
};

describe('names of columns', () => {
  it.each<[string, Category]>([
    ['sfzh', 'resident_id'],
    ['SFZHM', 'resident_id'],
    ['shenfenzheng', 'resident_id'],
    ['shen_fen_zheng_hao', 'resident_id'],
    ['idCardNo', 'resident_id'],
    ['id_card_number', 'resident_id'],
    ['custIdCardNum', 'resident_id'],
    ['居民身份证号', 'resident_id'],
    ['khmc', 'person_name'],
    ['customer_name', 'person_name'],
    ['clientname', 'person_name'],
    ['FIRST_NAME', 'person_name'],
    ['客户姓名', 'person_name'],
    ['sjhm', 'mobile'],
    ['mobileNo', 'mobile'],
    ['mobile_phone1', 'mobile'],
    ['yhkh', 'bank_card'],
    ['bank_card_no', 'bank_card'],
    ['cardNumber', 'bank_card'],
    ['dz', 'address'],
    ['home_address', 'address'],
    ['addressLine2', 'address'],
    ['zjhm', 'id_document'],
    ['cert_no', 'id_document'],
    ['huzhaohao', 'passport'],
    ['driver_license_no', 'driving_licence'],
    ['港澳通行证号码', 'travel_permit'],
    ['统一社会信用代码', 'uscc'],
    ['csrq', 'birthday'],
    ['date_of_birth', 'birthday'],
    ['emailAddress', 'email'],
    ['login_ip', 'ip_address'],
    ['mac_addr', 'mac_address'],
    ['imei', 'device_id'],
    ['cphm', 'vehicle_plate'],
    ['cvv2', 'card_security'],
    ['login_password', 'password'],
    ['password_hash', 'password'],
    ['client_secret', 'password'],
    ['sms_code', 'verification_code'],
    ['fingerprint', 'biometric'],
    ['病历', 'medical'],
    ['gender_code', 'gender'],
    ['hyzk', 'marital_status'],
    ['username', 'login_name'],
    ['payee_account', 'account_no'],
    ['wechat_openid', 'social_account'],
  ])('%s is %s', (name, category) => {
    expect(first(text(name))?.category).toBe(category);
  });

  it.each<string>([
    'id',
    'batch_id',
    'customer_id',
    'account_id',
    'image_id',
    'phone_model',
    'mobile_brand',
    'card_type',
    'id_type',
    'email_verified',
    'is_mobile_verified',
    'mobile_md5',
    'id_card_sha256',
    'email_hash',
    'address_type',
    'password_updated_at',
    'password_policy',
    'login_count',
    'product_name',
    'branch_name',
    'file_name',
    'table_name',
    'route_name',
    'avg_income',
    'max_balance',
    'created_by',
    'status',
    'remark_type',
    '是否验证手机',
    '证件类型',
    '手机号是否有效',
    '产品名称',
    '机构名称',
    '手机型号',
    '邮箱模板',
    '标签',
    '',
    '___',
    '😀',
  ])('%j is nothing', (name) => {
    expect(first(text(name))).toBeUndefined();
  });

  it('of a type that cannot hold it is nothing', () => {
    expect(first({ name: 'sfzh', typeFamily: 'boolean' })).toBeUndefined();
    expect(first({ name: 'mobile', typeFamily: 'timestamp' })).toBeUndefined();
    expect(first({ name: 'id_card', typeFamily: 'text', length: 4 })).toBeUndefined();
  });
});

describe('comments', () => {
  it.each<[string, string, Category | undefined]>([
    ['c1', '居民身份证号 (GB 11643)', 'resident_id'],
    ['c1', '担保人身份证号', 'resident_id'],
    ['c1', '客户手机号码，必填', 'mobile'],
    ['c1', 'Date of birth of the guarantor', 'birthday'],
    ['c1', 'Name of the customer', 'person_name'],
    ['c1', '账户余额 Balance', undefined],
    ['c1', '证件类型：1 身份证 2 护照', undefined],
    ['c1', '按身份证号去重后的客户数', undefined],
    ['c1', 'Name of the product', undefined],
    ['c1', '是否校验身份证号', undefined],
    ['c1', '', undefined],
  ])('%s with %j', (name, comment, category) => {
    expect(first(text(name, comment))?.category).toBe(category);
  });

  it('says what the name only hints at', () => {
    expect(first(text('cert_no', '身份证号'))?.category).toBe('resident_id');
    expect(first(text('user_name', '用户姓名'))?.category).toBe('person_name');
  });
});

describe('whom a dataset speaks of', () => {
  it.each<[string, string, readonly string[], Category | undefined]>([
    ['customer', 'name', [], 'person_name'],
    ['product', 'name', [], undefined],
    ['credit_report', 'name', ['resident_id', 'mobile'], 'person_name'],
    ['t1', 'name', [], undefined],
    ['branch', 'address', [], undefined],
    ['customer', 'address', [], 'address'],
    ['credit_cards', 'number', ['expiry_date'], 'bank_card'],
    ['loan_note', 'remark', ['loan_id'], 'free_text'],
    ['sys_menu', 'remark', ['menu_id'], undefined],
  ])('%s.%s beside %j', (dataset, name, beside, category) => {
    expect(first(text(name), dataset, beside)?.category).toBe(category);
  });

  it('an amount is somebody’s only where a row belongs to somebody', () => {
    const balance: ColumnFacts = { name: 'balance', typeFamily: 'decimal' };
    expect(first(balance, 'account', ['account_id'])?.category).toBe('balance');
    expect(first(balance, 'monthly_report', ['branch_id', 'stat_date'])).toBeUndefined();
  });

  it('all columns of a dataset at once', () => {
    const found = proposeForDataset({
      name: 'kh_jbxx',
      fields: ['id', 'khmc', 'sfzh', 'zt'].map((name) => text(name)),
    });
    expect(found.map(({ field, candidates }) => [field, candidates[0]?.category])).toEqual([
      ['khmc', 'person_name'],
      ['sfzh', 'resident_id'],
    ]);
  });
});

describe('values', () => {
  const streets = ['北京市朝阳区建国路88号', '上海市浦东新区世纪大道100号2栋301室', '广东省深圳市南山区科技园路1号'];
  const names = [
    '王小明',
    '李芳',
    '张伟',
    '刘洋',
    '陈静',
    '杨丽娟',
    '赵磊',
    '黄敏',
    '周杰',
    '吴秀英',
    '欧阳娜娜',
    '司马光明',
  ];
  it.each<[string, Category | undefined, readonly unknown[]]>([
    ['resident ids', 'resident_id', many(residentId)],
    ['resident ids with small x and blanks', 'resident_id', many((n) => ` ${residentId(n).toLowerCase()} `)],
    ['credit codes', 'uscc', many(creditCode)],
    ['bank cards', 'bank_card', many(bankCard)],
    ['bank cards in groups', 'bank_card', many((n) => bankCard(n).replace(/(\d{4})(?=\d)/g, '$1 '))],
    ['mobile numbers', 'mobile', many(mobile)],
    [
      'mobile numbers with +86 and hyphens',
      'mobile',
      many((n) => `+86 ${mobile(n).replace(/^(\d{3})(\d{4})/, '$1-$2-')}`),
    ],
    ['landlines', 'landline', many((n) => `010-${62000000 + n * 37}`)],
    ['e-mail', 'email', many((n) => `user${n}@example.com`)],
    ['IPv4', 'ip_address', many((n) => `10.1.${n}.7`)],
    ['IPv6', 'ip_address', many((n) => `2001:db8::${n.toString(16)}`)],
    ['MAC', 'mac_address', many((n) => `00:1A:2B:3C:4D:${(n + 16).toString(16)}`)],
    ['plates', 'vehicle_plate', many((n) => `京A${10000 + n * 7}`)],
    ['Chinese names', 'person_name', many((n) => names[n % names.length]!, 24)],
    ['addresses', 'address', many((n) => `${streets[n % 3]}${n}室`)],
    ['password hashes', 'password', many((n) => `$2a$10$7JB720yubVSZvUI0rEqK${n}`)],
    ['track data', 'card_security', many((n) => `%B${bankCard(n)}^ZHANG/SAN^3012101`)],
    ['memos with numbers inside', 'free_text', many((n) => `客户来电，请回拨 ${mobile(n)}，明日还款`)],
    ['pairs of degrees', 'geolocation', many((n) => `39.9${100 + n},116.3${200 + n}`)],
    ['numbers of eighteen digits', undefined, many((n) => String(123456789012345678n + BigInt(n) * 1_000_003n))],
    ['zeros as long as a card', undefined, many(() => '0000000000000000')],
    ['statuses', undefined, many((n) => ['正常', '关注', '次级', '可疑', '损失'][n % 5]!, 100)],
    ['cities', undefined, many((n) => ['北京', '上海', '广州', '深圳'][n % 4]!, 100)],
    ['order numbers', undefined, many((n) => `HT2026${100000 + n}`)],
    ['versions', undefined, many((n) => `1.2.${n}`)],
    ['dates', undefined, many((n) => `2024-01-${String((n % 28) + 1).padStart(2, '0')}`)],
    ['nothing', undefined, [null, '', undefined]],
  ])('%s', (_, category, values) => {
    expect(first(text('c1'), 't1', [], values)?.category).toBe(category);
  });

  it('a right check digit bears out what the name says, a wrong form speaks against it', () => {
    const said = first(text('sfzh'))!.score;
    expect(first(text('sfzh'), 't', [], many(residentId))!.score).toBeGreaterThan(said);
    expect(
      first(
        text('sfzh'),
        't',
        [],
        many((n) => `状态${n}`),
      ),
    ).toBeUndefined();
  });

  it('a birthday may be written short', () => {
    const short = many((n) => `${60 + (n % 40)}${String((n % 12) + 1 + (n % 2) * 50).padStart(2, '0')}1${n % 10}`);
    expect(first({ name: 'birth_date', typeFamily: 'integer' }, 't', [], short)?.category).toBe('birthday');
    expect(
      first(
        text('birth_date'),
        't',
        [],
        many((n) => `x-${n}`),
      ),
    ).toBeUndefined();
  });

  it('masked values keep the category, and it is said', () => {
    const found = first(
      text('sfzh'),
      't',
      [],
      many((n) => `${residentId(n).slice(0, 6)}********${residentId(n).slice(-4)}`),
    );
    expect(found).toMatchObject({ category: 'resident_id', masked: true });
    expect(found?.reasons).toContainEqual({ code: 'masked', count: 40, of: 40 });
  });

  it('says what it rests on', () => {
    const found = first(text('zjh', '身份证号'), 't', [], [...many(residentId, 98), '无', '无']);
    expect(found?.category).toBe('resident_id');
    expect(found?.reasons).toEqual([
      { code: 'comment_says', term: '身份证号' },
      { code: 'check_digit_right', count: 98, of: 100 },
    ]);
  });
});
