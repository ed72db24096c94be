import { type TypeFamily, type Words } from '#core/connector-kit';

const TEXT: readonly TypeFamily[] = ['text', 'other'];
const NUMBER: readonly TypeFamily[] = ['integer', 'decimal', 'float'];
const DIGITS: readonly TypeFamily[] = [...TEXT, 'integer', 'decimal'];
const DAY: readonly TypeFamily[] = ['date', 'timestamp', 'timestamptz'];
const LONG: readonly TypeFamily[] = [...TEXT, 'json', 'array', 'binary'];
const CODED: readonly TypeFamily[] = [...TEXT, 'integer', 'decimal', 'boolean'];

interface CategoryDefinition extends Words {
  /** Types that can hold it. */
  readonly families: readonly TypeFamily[];
  /** The shortest text column it fits into. */
  readonly leastLength?: number;
}

/** What a column may hold that must be protected (敏感类别), with the types it is kept in. */
const DEFINITIONS = {
  person_name: { en: 'Name of a person', zh: '姓名', families: TEXT, leastLength: 2 },
  resident_id: { en: 'Resident id number', zh: '居民身份证号', families: DIGITS, leastLength: 15 },
  passport: { en: 'Passport number', zh: '护照号码', families: TEXT, leastLength: 6 },
  driving_licence: { en: 'Driving licence number', zh: '驾驶证号', families: TEXT, leastLength: 6 },
  travel_permit: { en: 'Permit of Hong Kong, Macao or Taiwan', zh: '港澳台通行证号', families: TEXT, leastLength: 6 },
  id_document: { en: 'Number of an identity document', zh: '证件号码', families: DIGITS, leastLength: 5 },
  social_security: { en: 'Social security number', zh: '社会保障号码', families: DIGITS, leastLength: 8 },
  uscc: { en: 'Unified social credit code', zh: '统一社会信用代码', families: TEXT, leastLength: 9 },
  tax_number: { en: 'Taxpayer number', zh: '纳税人识别号', families: DIGITS, leastLength: 6 },
  birthday: { en: 'Date of birth', zh: '出生日期', families: [...TEXT, ...DAY, 'integer'] },
  age: { en: 'Age', zh: '年龄', families: [...TEXT, ...NUMBER] },
  gender: { en: 'Gender', zh: '性别', families: CODED },
  marital_status: { en: 'Marital status', zh: '婚姻状况', families: CODED },
  nationality: { en: 'Nationality', zh: '国籍', families: CODED },
  ethnicity: { en: 'Ethnic group', zh: '民族', families: CODED },
  religion: { en: 'Religion', zh: '宗教信仰', families: CODED },
  occupation: { en: 'Occupation or education', zh: '职业与学历', families: CODED },
  mobile: { en: 'Mobile number', zh: '手机号码', families: DIGITS, leastLength: 7 },
  landline: { en: 'Telephone number', zh: '固定电话', families: DIGITS, leastLength: 6 },
  email: { en: 'E-mail address', zh: '电子邮箱', families: TEXT, leastLength: 6 },
  address: { en: 'Address', zh: '地址', families: [...TEXT, 'json'], leastLength: 8 },
  social_account: { en: 'Account of a social network', zh: '社交账号', families: DIGITS, leastLength: 4 },
  login_name: { en: 'Login name', zh: '登录名', families: TEXT, leastLength: 3 },
  bank_card: { en: 'Bank card number', zh: '银行卡号', families: DIGITS, leastLength: 12 },
  account_no: { en: 'Account number', zh: '账号', families: DIGITS, leastLength: 5 },
  balance: { en: 'Balance or debt', zh: '余额与负债', families: NUMBER },
  income: { en: 'Income', zh: '收入', families: [...NUMBER, ...TEXT] },
  credit_score: { en: 'Credit score or rating', zh: '信用评分与评级', families: [...NUMBER, ...TEXT] },
  biometric: { en: 'Biometric data', zh: '生物特征', families: LONG },
  medical: { en: 'Health data', zh: '健康医疗信息', families: [...LONG, 'integer', 'boolean'] },
  password: { en: 'Password, key or token', zh: '密码、密钥与令牌', families: [...LONG, 'uuid', 'integer'] },
  card_security: {
    en: 'Card verification or track data',
    zh: '卡验证码与磁道数据',
    families: [...DIGITS, 'binary', 'date'],
  },
  verification_code: { en: 'One-time code or secret answer', zh: '动态验证码与密保', families: DIGITS },
  ip_address: { en: 'IP address', zh: 'IP 地址', families: DIGITS, leastLength: 7 },
  mac_address: { en: 'MAC address', zh: 'MAC 地址', families: TEXT, leastLength: 12 },
  device_id: { en: 'Device id', zh: '设备标识', families: [...DIGITS, 'uuid'], leastLength: 8 },
  geolocation: { en: 'Position', zh: '地理位置', families: [...NUMBER, ...TEXT, 'json'] },
  vehicle_plate: { en: 'Vehicle plate', zh: '车牌号', families: TEXT, leastLength: 6 },
  free_text: { en: 'Free text about somebody', zh: '涉及个人的自由文本', families: [...LONG], leastLength: 20 },
} as const satisfies Record<string, CategoryDefinition>;

export type Category = keyof typeof DEFINITIONS;
export const CATEGORIES = Object.keys(DEFINITIONS) as readonly Category[];

/** The category's names. */
export const categoryWords = (category: Category): Words => {
  const { en, zh } = DEFINITIONS[category];
  return { en, zh };
};

export const definitionOf = (category: Category): CategoryDefinition => DEFINITIONS[category];
