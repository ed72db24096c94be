import { columnAt, type DemoColumn } from './standards.js';

export type SecurityLevel = 'L1' | 'L2' | 'L3' | 'L4' | 'L5';

/** What a steward wrote on a column. */
export interface DemoCuration extends DemoColumn {
  readonly nameZh: string;
  readonly nameEn: string;
  readonly definitionZh: string;
  readonly owner: string;
  readonly tags: readonly string[];
  /** After JR/T 0197: L1 is public, L5 is the most sensitive. */
  readonly level: SecurityLevel;
}

const note = (
  place: string,
  nameZh: string,
  nameEn: string,
  level: SecurityLevel,
  owner: string,
  definitionZh: string,
  ...tags: readonly string[]
): DemoCuration => ({ ...columnAt(place), nameZh, nameEn, definitionZh, owner, tags, level });

const RETAIL = '零售信贷部';
const RISK = '风险管理部';
const PAYMENTS = '支付结算部';
const FINANCE = '计划财务部';

export const demoCuration: readonly DemoCuration[] = [
  note('core/core/customer#customer_id', '客户号', 'Customer id', 'L2', RETAIL, '核心系统内部的客户唯一编号。', '主键'),
  note(
    'core/core/customer#resident_id',
    '居民身份证号',
    'Resident id',
    'L4',
    RETAIL,
    '客户的公民身份号码。',
    'PII',
    '关键数据',
  ),
  note('core/core/customer#customer_name', '客户姓名', 'Customer name', 'L3', RETAIL, '客户证件上的姓名。', 'PII'),
  note('core/core/customer#mobile', '手机号码', 'Mobile number', 'L3', RETAIL, '客户预留的手机号码。', 'PII'),
  note('core/core/customer#address', '通讯地址', 'Postal address', 'L3', RETAIL, '客户的通讯地址。', 'PII'),
  note(
    'core/core/customer#birth_date',
    '出生日期',
    'Date of birth',
    'L3',
    RETAIL,
    '客户出生日期，应与证件号一致。',
    'PII',
  ),
  note('core/core/customer#gender_code', '性别', 'Gender', 'L2', RETAIL, '客户性别，按国标代码。'),
  note('core/core/customer#monthly_income', '月收入', 'Monthly income', 'L3', RETAIL, '客户申报的税后月收入，单位元。'),
  note(
    'core/core/customer#risk_grade',
    '内部风险等级',
    'Internal risk grade',
    'L3',
    RISK,
    '评分卡给出的客户等级。',
    '模型输出',
  ),
  note(
    'core/core/account#card_no',
    '银行卡号',
    'Bank card number',
    'L4',
    PAYMENTS,
    '还款账户绑定的银行卡号。',
    'PII',
    '支付敏感',
  ),
  note('core/core/account#balance', '账户余额', 'Account balance', 'L3', PAYMENTS, '日终账户余额。'),
  note(
    'core/core/loan_contract#contract_no',
    '合同编号',
    'Contract number',
    'L2',
    RETAIL,
    '贷款合同的业务编号。',
    '关键数据',
  ),
  note(
    'core/core/loan_contract#principal',
    '合同本金',
    'Principal',
    'L3',
    RETAIL,
    '合同约定的放款本金，单位元。',
    '关键数据',
    '监管报送',
  ),
  note(
    'core/core/loan_contract#annual_rate',
    '年利率',
    'Annual rate',
    'L2',
    RETAIL,
    '合同约定的年利率，小数表示。',
    '监管报送',
  ),
  note(
    'core/core/loan_contract#risk_class',
    '五级分类',
    'Risk class',
    'L3',
    RISK,
    '贷款风险五级分类结果。',
    '关键数据',
    '监管报送',
  ),
  note('core/core/loan_contract#status', '贷款状态', 'Loan status', 'L2', RETAIL, '贷款当前状态。'),
  note(
    'core/core/repayment#paid_principal',
    '实还本金',
    'Principal paid',
    'L3',
    RETAIL,
    '单笔还款中归还的本金。',
    '关键数据',
  ),
  note('core/core/repayment#paid_at', '还款时间', 'Time of payment', 'L2', RETAIL, '还款入账时间。'),
  note('core/pay/payment_order#amount', '支付金额', 'Payment amount', 'L3', PAYMENTS, '支付订单金额，单位元。'),
  note(
    'bureau/bureau/credit_score#score',
    '征信评分',
    'Credit score',
    'L4',
    RISK,
    '征信机构给出的个人信用评分，350至950。',
    '外部数据',
  ),
  note(
    'bureau/bureau/credit_report#total_debt',
    '他行负债合计',
    'Total debt elsewhere',
    'L4',
    RISK,
    '征信报告中的负债合计。',
    '外部数据',
  ),
  note('warehouse/dwd/customer#credit_score', '征信评分', 'Credit score', 'L4', RISK, '最近一次征信评分。', '外部数据'),
  note(
    'warehouse/dwd/instalment#days_past_due',
    '逾期天数',
    'Days past due',
    'L2',
    RISK,
    '该期次截至业务日的逾期天数。',
  ),
  note(
    'warehouse/dws/loan_overdue#outstanding',
    '贷款余额',
    'Outstanding principal',
    'L3',
    RISK,
    '本金减去已还本金，最小为零。',
    '关键数据',
  ),
  note(
    'warehouse/dws/loan_overdue#overdue_days',
    '最大逾期天数',
    'Longest days past due',
    'L2',
    RISK,
    '合同各期次逾期天数的最大值。',
    '关键数据',
  ),
  note(
    'warehouse/dws/customer_risk#risk_level',
    '客户风险等级',
    'Customer risk level',
    'L3',
    RISK,
    '综合逾期与征信得出的等级。',
  ),
  note(
    'warehouse/ads/overdue_report#overdue_rate',
    '逾期率',
    'Overdue rate',
    'L2',
    RISK,
    '逾期本金除以贷款余额。',
    '监管报送',
    '关键数据',
  ),
  note(
    'warehouse/ads/npl_report#outstanding',
    '分类余额',
    'Outstanding by class',
    'L2',
    FINANCE,
    '按五级分类汇总的贷款余额。',
    '监管报送',
  ),
  note(
    'warehouse/ads/监管报表_G11#金额',
    'G11 金额',
    'G11 amount',
    'L2',
    FINANCE,
    '1104 报表 G11 的金额栏。',
    '监管报送',
  ),
];
