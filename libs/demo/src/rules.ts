import {
  APPLICATION_STATUS,
  COLLATERAL_TYPE,
  codesOf,
  CURRENCY,
  GENDER,
  LOAN_STATUS,
  MARITAL,
  OVERDUE_STATUS,
  PAYMENT_STATUS,
  PRODUCT_TYPE,
  RISK_CLASS,
  RISK_GRADE,
} from './codes.js';

/** Where a column lives: the core database, the warehouse, or the bureau's files (schema `bureau`, table = file stem). */
export type DemoSource = 'core' | 'warehouse' | 'bureau';
export type Severity = 'S1' | 'S2' | 'S3' | 'S4';

export interface DemoTable {
  readonly source: DemoSource;
  readonly schema: string;
  readonly table: string;
}

/** What a rule asks; each kind has its own parameters. */
export type DemoCheck =
  | { readonly kind: 'not_null'; readonly column: string; readonly params: Record<string, never> }
  | { readonly kind: 'unique'; readonly column?: string; readonly params: { readonly columns: readonly string[] } }
  | { readonly kind: 'in_set'; readonly column: string; readonly params: { readonly values: readonly string[] } }
  | { readonly kind: 'between'; readonly column: string; readonly params: Bounds }
  | { readonly kind: 'foreign_key'; readonly column: string; readonly params: Reference }
  | { readonly kind: 'row_count_compare'; readonly column?: undefined; readonly params: Comparison };

export interface Bounds {
  readonly min?: number | string;
  readonly max?: number | string;
  readonly strictMin?: boolean;
  readonly strictMax?: boolean;
}

export interface Reference {
  readonly columns: readonly string[];
  readonly refSchema: string;
  readonly refTable: string;
  readonly refColumns: readonly string[];
}

export interface Comparison {
  readonly otherSource: DemoSource;
  readonly otherSchema: string;
  readonly otherTable: string;
  readonly toleranceAbs?: number;
  readonly toleranceRel?: number;
}

export type DemoRule = DemoTable &
  DemoCheck & {
    readonly id: string;
    readonly severity: Severity;
    readonly nameZh: string;
    readonly nameEn: string;
  };

type Names = readonly [severity: Severity, nameZh: string, nameEn: string];

const at = (place: string): DemoTable => {
  const [source, schema = '', table = ''] = place.split('/');
  return { source: source as DemoSource, schema, table };
};

const named = (place: string, kind: string, what: string, [severity, nameZh, nameEn]: Names) => ({
  ...at(place),
  id: [...place.split('/'), what, kind].join('.'),
  severity,
  nameZh,
  nameEn,
});

const notNull = (place: string, column: string, ...names: Names): DemoRule => ({
  ...named(place, 'not_null', column, names),
  kind: 'not_null',
  column,
  params: {},
});

const unique = (place: string, columns: readonly string[], ...names: Names): DemoRule => ({
  ...named(place, 'unique', columns.join('+'), names),
  kind: 'unique',
  ...(columns.length === 1 ? { column: columns[0] } : {}),
  params: { columns },
});

const inSet = (place: string, column: string, values: readonly string[], ...names: Names): DemoRule => ({
  ...named(place, 'in_set', column, names),
  kind: 'in_set',
  column,
  params: { values },
});

const between = (place: string, column: string, params: Bounds, ...names: Names): DemoRule => ({
  ...named(place, 'between', column, names),
  kind: 'between',
  column,
  params,
});

const refersTo = (place: string, column: string, ref: string, refColumn: string, ...names: Names): DemoRule => {
  const [refSchema = '', refTable = ''] = ref.split('/');
  return {
    ...named(place, 'foreign_key', column, names),
    kind: 'foreign_key',
    column,
    params: { columns: [column], refSchema, refTable, refColumns: [refColumn] },
  };
};

const sameCount = (place: string, other: string, ...names: Names): DemoRule => {
  const { source: otherSource, schema: otherSchema, table: otherTable } = at(other);
  return {
    ...named(place, 'row_count_compare', `rows of ${otherSchema}.${otherTable}`, names),
    kind: 'row_count_compare',
    params: { otherSource, otherSchema, otherTable, toleranceAbs: 0 },
  };
};

const CUSTOMER = 'core/core/customer';
const CONTRACT = 'core/core/loan_contract';
const REPAYMENT = 'core/core/repayment';
const ORDER = 'core/pay/payment_order';

/** The rules a steward would set on this bank from its documents alone. */
export const demoRules: readonly DemoRule[] = [
  notNull(CUSTOMER, 'resident_id', 'S1', '客户身份证号必填', 'Every customer has a resident id'),
  unique(CUSTOMER, ['resident_id'], 'S1', '客户身份证号唯一', 'A resident id belongs to one customer'),
  notNull(CUSTOMER, 'customer_name', 'S1', '客户姓名必填', 'Every customer has a name'),
  notNull(CUSTOMER, 'mobile', 'S2', '客户手机号必填', 'Every customer has a mobile number'),
  inSet(CUSTOMER, 'gender_code', codesOf(GENDER), 'S3', '性别代码符合国标', 'Gender is a code of GB/T 2261.1'),
  inSet(CUSTOMER, 'marital_code', codesOf(MARITAL), 'S4', '婚姻状况代码有效', 'Marital status is a known code'),
  inSet(CUSTOMER, 'risk_grade', codesOf(RISK_GRADE), 'S3', '内部风险等级有效', 'Risk grade is A to E'),
  between(
    CUSTOMER,
    'birth_date',
    { min: '1920-01-01', max: '2008-06-30' },
    'S2',
    '出生日期合理',
    'Customers are of lending age',
  ),
  between(CUSTOMER, 'monthly_income', { min: 0, max: 10_000_000 }, 'S4', '月收入合理', 'Monthly income is plausible'),

  notNull(CONTRACT, 'contract_no', 'S1', '合同编号必填', 'Every contract has a number'),
  unique(CONTRACT, ['contract_no'], 'S1', '合同编号唯一', 'A contract number is given once'),
  notNull(CONTRACT, 'end_date', 'S2', '合同到期日必填', 'Every contract has an end'),
  inSet(CONTRACT, 'status', codesOf(LOAN_STATUS), 'S2', '贷款状态有效', 'Loan status is a known code'),
  inSet(CONTRACT, 'risk_class', codesOf(RISK_CLASS), 'S1', '五级分类有效', 'Risk class is one of the five'),
  inSet(CONTRACT, 'currency', codesOf(CURRENCY), 'S2', '币种符合 ISO 4217', 'Currency is an ISO 4217 code'),
  between(
    CONTRACT,
    'annual_rate',
    { min: 0, max: 0.36, strictMin: true },
    'S1',
    '年利率在监管上限内',
    'The annual rate is above 0 and within the legal limit',
  ),
  between(
    CONTRACT,
    'principal',
    { min: 0, max: 5_000_000, strictMin: true },
    'S1',
    '合同本金大于零且在授权内',
    'The principal is above 0 and within the mandate',
  ),
  refersTo(CONTRACT, 'account_id', 'core/account', 'account_id', 'S2', '还款账户存在', 'The repayment account exists'),
  inSet(
    'core/core/loan_application',
    'status',
    codesOf(APPLICATION_STATUS),
    'S3',
    '申请状态有效',
    'Application status is a known code',
  ),

  notNull(REPAYMENT, 'paid_at', 'S2', '还款时间必填', 'Every repayment has a time'),
  unique(REPAYMENT, ['contract_id', 'period_no', 'part_no'], 'S1', '还款不重复入账', 'A repayment is booked once'),
  between(REPAYMENT, 'paid_principal', { min: 0 }, 'S2', '实还本金不为负', 'Paid principal is not negative'),
  refersTo(
    REPAYMENT,
    'contract_id',
    'core/loan_contract',
    'contract_id',
    'S1',
    '还款对应合同',
    'Repayments have a contract',
  ),
  inSet(
    'core/core/collateral',
    'collateral_type',
    codesOf(COLLATERAL_TYPE),
    'S4',
    '押品类型有效',
    'Collateral type is a known code',
  ),
  refersTo(
    'core/core/guarantor',
    'contract_id',
    'core/loan_contract',
    'contract_id',
    'S2',
    '担保对应合同',
    'Guarantees have a contract',
  ),

  inSet(ORDER, 'status', codesOf(PAYMENT_STATUS), 'S3', '支付状态有效', 'Payment status is a known code'),
  between(ORDER, 'amount', { min: 0, strictMin: true }, 'S2', '支付金额大于零', 'Payments are above 0'),
  refersTo(ORDER, 'customer_id', 'core/customer', 'customer_id', 'S2', '付款客户存在', 'The payer is a customer'),
  refersTo(ORDER, 'repayment_id', 'core/repayment', 'repayment_id', 'S2', '支付对应还款', 'Payments have a repayment'),

  notNull('bureau/bureau/credit_score', 'score', 'S2', '征信评分必填', 'Every score line has a score'),
  between(
    'bureau/bureau/credit_score',
    'score',
    { min: 350, max: 950 },
    'S2',
    '征信评分在量程内',
    'Scores lie between 350 and 950',
  ),
  unique('bureau/bureau/credit_report', ['resident_id'], 'S2', '一人一份征信报告', 'One report for each person'),
  inSet(
    'bureau/bureau/overdue_record',
    '逾期状态',
    codesOf(OVERDUE_STATUS),
    'S3',
    '逾期状态有效',
    'Overdue status is a known code',
  ),
  refersTo(
    'bureau/bureau/overdue_record',
    '证件号码',
    'bureau/credit_report',
    'resident_id',
    'S3',
    '逾期记录对应报告',
    'Overdue records belong to a report',
  ),

  sameCount('warehouse/ods/customer', CUSTOMER, 'S1', '客户数与核心一致', 'As many customers as in core'),
  sameCount('warehouse/ods/loan_contract', CONTRACT, 'S1', '合同数与核心一致', 'As many contracts as in core'),
  sameCount('warehouse/ods/repayment', REPAYMENT, 'S1', '还款笔数与核心一致', 'As many repayments as in core'),
  sameCount(
    'warehouse/ods/payment_order',
    ORDER,
    'S2',
    '支付笔数与支付系统一致',
    'As many payments as in the payment system',
  ),
  sameCount(
    'warehouse/ods/bureau_score',
    'bureau/bureau/credit_score',
    'S2',
    '评分条数与征信文件一致',
    'As many scores as in the bureau file',
  ),
  sameCount(
    'warehouse/ods/bureau_report',
    'bureau/bureau/credit_report',
    'S2',
    '报告份数与征信文件一致',
    'As many reports as in the bureau file',
  ),
  sameCount(
    'warehouse/dwd/loan',
    'warehouse/ods/loan_contract',
    'S1',
    '明细层合同无丢失',
    'No contract is lost on the way to dwd',
  ),
  sameCount(
    'warehouse/dwd/customer',
    'warehouse/ods/customer',
    'S1',
    '明细层客户无丢失',
    'No customer is lost on the way to dwd',
  ),

  between(
    'warehouse/ods/bureau_score',
    'score',
    { min: 350, max: 950 },
    'S3',
    '评分在量程内',
    'Loaded scores are in range',
  ),
  notNull('warehouse/dwd/customer', 'customer_name', 'S2', '客户姓名必填', 'Customers have a name'),
  notNull('warehouse/dwd/customer', 'risk_grade', 'S2', '风险等级必填', 'Customers have a risk grade'),
  between('warehouse/dwd/customer', 'age', { min: 16, max: 105 }, 'S3', '年龄合理', 'Ages are plausible'),
  unique('warehouse/dwd/loan', ['contract_no'], 'S1', '合同编号唯一', 'Contract numbers are unique'),
  inSet('warehouse/dwd/loan', 'risk_class', codesOf(RISK_CLASS), 'S1', '五级分类有效', 'Risk class is one of the five'),
  inSet(
    'warehouse/dwd/loan',
    'product_type',
    codesOf(PRODUCT_TYPE),
    'S3',
    '产品类型有效',
    'Product type is a known code',
  ),
  refersTo(
    'warehouse/dwd/loan',
    'branch_id',
    'dwd/branch',
    'branch_id',
    'S2',
    '贷款机构存在',
    'The branch of a loan exists',
  ),
  unique('warehouse/dws/customer_risk', ['customer_id'], 'S1', '客户风险一客一行', 'One risk row for each customer'),
  between(
    'warehouse/dws/loan_overdue',
    'overdue_days',
    { min: 0 },
    'S2',
    '逾期天数不为负',
    'Days past due are not negative',
  ),
  between(
    'warehouse/ads/overdue_report',
    'overdue_rate',
    { min: 0, max: 1 },
    'S1',
    '逾期率介于0和1',
    'Overdue rates lie between 0 and 1',
  ),
  notNull('warehouse/ads/npl_report', 'share', 'S2', '占比必填', 'Each class has a share'),
];
