import {
  type Code,
  CURRENCY,
  DWD_LOAN_STATUS,
  GENDER,
  LOAN_STATUS,
  MARITAL,
  OVERDUE_STATUS,
  PRODUCT_TYPE,
  RISK_CLASS,
} from './codes.js';
import type { DemoTable } from './rules.js';

export interface DemoColumn extends DemoTable {
  readonly column: string;
}

export interface DemoCodeSet {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Where the codes come from, when it is a published standard. */
  readonly origin?: string;
  readonly values: readonly Code[];
  /** Codes other systems use for the same thing: [theirs, ours]. */
  readonly crosswalks?: readonly { readonly system: string; readonly pairs: readonly (readonly [string, string])[] }[];
}

/** A data element (数据元) and the columns it is mapped to. */
export interface DemoStandard {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly definitionZh: string;
  readonly definitionEn: string;
  readonly dataType: 'string' | 'decimal' | 'date' | 'integer';
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** A regular expression the value follows. */
  readonly pattern?: string;
  readonly codeSet?: string;
  readonly columns: readonly DemoMapping[];
}

export interface DemoMapping extends DemoColumn {
  /** What this column does not do as the standard says. */
  readonly breaks?: 'type' | 'length' | 'codes';
}

/** `core/core/customer#mobile` as a column. */
export function columnAt(place: string): DemoColumn {
  const [table = '', column = ''] = place.split('#');
  const [source, schema = '', name = ''] = table.split('/');
  return { source: source as DemoTable['source'], schema, table: name, column };
}

const on = (place: string, breaks?: DemoMapping['breaks']): DemoMapping => ({
  ...columnAt(place),
  ...(breaks ? { breaks } : {}),
});

export const demoCodeSets: readonly DemoCodeSet[] = [
  {
    code: 'CS_GENDER',
    nameZh: '性别代码',
    nameEn: 'Gender',
    origin: 'GB/T 2261.1',
    values: GENDER,
    crosswalks: [
      {
        system: 'bureau',
        pairs: [
          ['M', '1'],
          ['F', '2'],
          ['U', '0'],
        ],
      },
    ],
  },
  { code: 'CS_MARITAL', nameZh: '婚姻状况代码', nameEn: 'Marital status', origin: 'GB/T 2261.2', values: MARITAL },
  {
    code: 'CS_LOAN_STATUS',
    nameZh: '贷款状态代码',
    nameEn: 'Loan status',
    values: LOAN_STATUS,
    crosswalks: [
      {
        system: 'warehouse',
        pairs: DWD_LOAN_STATUS.map(({ code }, at) => [code, LOAN_STATUS[at]?.code ?? ''] as const),
      },
    ],
  },
  { code: 'CS_RISK_CLASS', nameZh: '贷款五级分类代码', nameEn: 'Five-level risk class', values: RISK_CLASS },
  { code: 'CS_PRODUCT_TYPE', nameZh: '产品类型代码', nameEn: 'Product type', values: PRODUCT_TYPE },
  { code: 'CS_CURRENCY', nameZh: '币种代码', nameEn: 'Currency', origin: 'ISO 4217', values: CURRENCY },
  { code: 'CS_OVERDUE_STATUS', nameZh: '征信逾期状态代码', nameEn: 'Bureau overdue status', values: OVERDUE_STATUS },
];

export const demoStandards: readonly DemoStandard[] = [
  {
    code: 'DE001',
    nameZh: '居民身份证号',
    nameEn: 'Resident id',
    definitionZh: '公民身份号码，18位，末位为 MOD 11-2 校验码。',
    definitionEn: 'Citizen identity number of 18 characters; the last is the MOD 11-2 check character.',
    dataType: 'string',
    length: 18,
    pattern: '^[1-9][0-9]{16}[0-9X]$',
    columns: [
      on('core/core/customer#resident_id'),
      on('core/core/guarantor#resident_id', 'length'),
      on('warehouse/ods/customer#resident_id'),
      on('warehouse/ods/guarantor#resident_id', 'length'),
      on('warehouse/dwd/customer#resident_id'),
      on('bureau/bureau/credit_report#resident_id'),
    ],
  },
  {
    code: 'DE002',
    nameZh: '客户姓名',
    nameEn: 'Customer name',
    definitionZh: '客户在有效证件上的姓名。',
    definitionEn: 'The name on the customer’s identity document.',
    dataType: 'string',
    length: 60,
    columns: [
      on('core/core/customer#customer_name'),
      on('warehouse/ods/customer#customer_name'),
      on('warehouse/dwd/customer#customer_name'),
    ],
  },
  {
    code: 'DE003',
    nameZh: '性别代码',
    nameEn: 'Gender code',
    definitionZh: '人的生理性别，按 GB/T 2261.1。',
    definitionEn: 'Sex of a person after GB/T 2261.1.',
    dataType: 'string',
    length: 1,
    codeSet: 'CS_GENDER',
    columns: [
      on('core/core/customer#gender_code'),
      on('warehouse/dwd/customer#gender_code'),
      on('warehouse/ods/bureau_report#gender', 'codes'),
      on('bureau/bureau/credit_report#gender', 'codes'),
    ],
  },
  {
    code: 'DE004',
    nameZh: '手机号码',
    nameEn: 'Mobile number',
    definitionZh: '中国内地11位手机号码。',
    definitionEn: 'Mobile number of mainland China, 11 digits.',
    dataType: 'string',
    length: 11,
    pattern: '^1[3-9][0-9]{9}$',
    columns: [on('core/core/customer#mobile', 'length'), on('warehouse/dwd/customer#mobile', 'length')],
  },
  {
    code: 'DE005',
    nameZh: '金额',
    nameEn: 'Amount',
    definitionZh: '以元为单位的金额，保留两位小数。',
    definitionEn: 'An amount in yuan with two decimals.',
    dataType: 'decimal',
    precision: 18,
    scale: 2,
    columns: [
      on('core/core/loan_contract#principal'),
      on('core/core/repayment#paid_principal'),
      on('core/pay/payment_order#amount', 'type'),
      on('warehouse/ods/payment_order#amount', 'type'),
      on('warehouse/dwd/loan#principal', 'length'),
      on('warehouse/dws/loan_overdue#outstanding'),
      on('warehouse/ads/overdue_report#overdue_amount'),
    ],
  },
  {
    code: 'DE006',
    nameZh: '贷款状态',
    nameEn: 'Loan status',
    definitionZh: '贷款合同当前所处的状态。',
    definitionEn: 'The state a loan contract is in.',
    dataType: 'string',
    length: 12,
    codeSet: 'CS_LOAN_STATUS',
    columns: [on('core/core/loan_contract#status'), on('warehouse/dwd/loan#loan_status', 'codes')],
  },
  {
    code: 'DE007',
    nameZh: '贷款五级分类',
    nameEn: 'Five-level risk class',
    definitionZh: '按《商业银行金融资产风险分类办法》的风险分类。',
    definitionEn: 'Risk class of a loan under the rules for commercial banks.',
    dataType: 'string',
    length: 1,
    codeSet: 'CS_RISK_CLASS',
    columns: [
      on('core/core/loan_contract#risk_class'),
      on('warehouse/dwd/loan#risk_class'),
      on('warehouse/ads/npl_report#risk_class'),
    ],
  },
  {
    code: 'DE008',
    nameZh: '币种',
    nameEn: 'Currency',
    definitionZh: '按 ISO 4217 的三位字母币种代码。',
    definitionEn: 'Currency by its three letters in ISO 4217.',
    dataType: 'string',
    length: 3,
    codeSet: 'CS_CURRENCY',
    columns: [
      on('core/core/loan_contract#currency'),
      on('core/core/account#currency'),
      on('warehouse/dwd/loan#currency'),
    ],
  },
  {
    code: 'DE009',
    nameZh: '出生日期',
    nameEn: 'Date of birth',
    definitionZh: '自然人的出生日期。',
    definitionEn: 'Day a person was born.',
    dataType: 'date',
    columns: [on('core/core/customer#birth_date'), on('bureau/bureau/credit_report#birth_date')],
  },
  {
    code: 'DE010',
    nameZh: '年利率',
    nameEn: 'Annual rate',
    definitionZh: '以小数表示的年化利率，0.12 表示 12%。',
    definitionEn: 'Annual rate as a fraction: 0.12 is 12 %.',
    dataType: 'decimal',
    precision: 9,
    scale: 6,
    columns: [on('core/core/loan_contract#annual_rate'), on('warehouse/dwd/loan#annual_rate')],
  },
  {
    code: 'DE011',
    nameZh: '合同编号',
    nameEn: 'Contract number',
    definitionZh: '贷款合同的业务编号，全行唯一。',
    definitionEn: 'Business number of a loan contract, unique in the bank.',
    dataType: 'string',
    length: 30,
    columns: [on('core/core/loan_contract#contract_no'), on('warehouse/dwd/loan#contract_no')],
  },
  {
    code: 'DE012',
    nameZh: '统一社会信用代码',
    nameEn: 'Unified social credit code',
    definitionZh: '法人和其他组织的18位代码，按 GB 32100。',
    definitionEn: 'Code of 18 characters of an organisation after GB 32100.',
    dataType: 'string',
    length: 18,
    pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$',
    columns: [on('core/core/company#credit_code')],
  },
];
