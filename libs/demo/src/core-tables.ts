import { isoDay, isoMoment } from './calendar.js';
import { HEAD_OFFICE, type Instalment, type Lender, type Payment, PRODUCTS } from './lender.js';
import { MEMOS } from './words.js';

export type Cell = string | number | boolean | null;

/** One table's rows, worked out while they are read. */
export interface TableRows {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

export const MEMO_TABLE = '贷后"备注"📝';

/** Cents as a decimal: 123456 → 1234.56. */
export const yuan = (cents: number): string => (cents / 100).toFixed(2);
const rate = (hundredthsOfPercent: number): string => (hundredthsOfPercent / 10_000).toFixed(6);
const textArray = (items: readonly string[]): string => `{${items.map((item) => JSON.stringify(item)).join(',')}}`;

export const repaymentId = (contractId: number, period: number, part: number): number =>
  contractId * 1_000 + period * 10 + part;

/** The tables of the core database, parents first. */
export function coreTables(lender: Lender): TableRows[] {
  return [
    table(
      'core',
      'branch',
      'branch_id branch_code branch_name name_en region_code parent_id opened_on',
      branches(lender),
    ),
    table('core', 'product', 'product_code product_name name_en product_type rate_min rate_max max_amount', products()),
    table(
      'core',
      'customer',
      `customer_id customer_no resident_id customer_name name_en gender_code birth_date marital_code mobile email
       region_code address occupation monthly_income risk_grade branch_id 是否员工 tags created_at updated_at`,
      customers(lender),
    ),
    table(
      'core',
      'company',
      'company_id credit_code company_name legal_rep_id industry_code registered_capital founded_on',
      companies(lender),
    ),
    table(
      'core',
      'account',
      'account_id customer_id card_no account_type currency balance status opened_on',
      accounts(lender),
    ),
    table(
      'core',
      'loan_application',
      `application_id customer_id product_code branch_id amount_applied term_months status reject_reason device applied_at`,
      applications(lender),
    ),
    table(
      'core',
      'loan_contract',
      `contract_id contract_no application_id customer_id product_code branch_id account_id principal annual_rate
       term_months currency start_date end_date status risk_class`,
      contracts(lender),
    ),
    table('core', 'repayment_plan', 'contract_id period_no due_date due_principal due_interest', plans(lender)),
    table(
      'core',
      'repayment',
      'repayment_id contract_id period_no part_no paid_at paid_principal paid_interest paid_penalty channel_code',
      repayments(lender),
    ),
    table(
      'core',
      'collateral',
      'collateral_id contract_id collateral_type appraised_value description',
      collaterals(lender),
    ),
    table(
      'core',
      'guarantor',
      'guarantor_id contract_id guarantor_name resident_id mobile relation',
      guarantors(lender),
    ),
    table('core', '客户标签', '客户号 标签 打标日期', labels(lender)),
    {
      schema: 'core',
      table: MEMO_TABLE,
      columns: ['memo_id', 'contract_id', '备注 内容', 'written at'],
      rows: memos(lender),
    },
    table('pay', 'channel', 'channel_code channel_name name_en fee_rate', channels()),
    table(
      'pay',
      'payment_order',
      'order_id repayment_id customer_id card_no amount currency channel_code status created_at',
      paymentOrders(lender),
    ),
  ];
}

function table(schema: string, name: string, columns: string, rows: Iterable<readonly Cell[]>): TableRows {
  return { schema, table: name, columns: columns.split(/\s+/), rows };
}

function* branches(lender: Lender): Iterable<Cell[]> {
  for (const { id, region, parentId, openedOn } of lender.branches) {
    const head = id === HEAD_OFFICE;
    yield [
      id,
      `B${region.code}`,
      head ? '总行营业部' : `${region.city}${region.district}支行`,
      head ? 'Head office' : `${region.english} branch`,
      region.code,
      parentId,
      isoDay(openedOn),
    ];
  }
}

function* products(): Iterable<Cell[]> {
  for (const each of PRODUCTS)
    yield [
      each.code,
      each.name,
      each.nameEn,
      each.type,
      rate(each.rates[0]),
      rate(each.rates[1]),
      yuan(each.amounts[1] * 100),
    ];
}

function* customers(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++) {
    const { id, person, branchId, riskGrade, isEmployee, tags, since } = lender.customer(index);
    yield [
      id,
      `C${String(id).padStart(9, '0')}`,
      person.residentId,
      person.name,
      person.nameEn,
      person.genderCode,
      isoDay(person.birthDay),
      person.maritalCode,
      person.mobile,
      person.email,
      person.region.code,
      person.address,
      person.occupation,
      yuan(person.monthlyIncome),
      riskGrade,
      branchId,
      isEmployee,
      textArray(tags),
      isoMoment(since, 32_400 + (index % 28_800)),
      isoMoment(since + (index % 200), 64_800),
    ];
  }
}

function* companies(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++) {
    if (!lender.applications(index).some(({ product }) => product.type === 'BIZ')) continue;
    const company = lender.company(index);
    yield [
      company.id,
      company.creditCode,
      company.name,
      lender.customerId(index),
      company.industry,
      yuan(company.capital),
      isoDay(company.foundedOn),
    ];
  }
}

function* accounts(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const account of lender.accounts(index))
      yield [
        account.id,
        lender.customerId(index),
        account.cardNo,
        account.type,
        'CNY',
        yuan(account.balance),
        'ACTIVE',
        isoDay(account.openedOn),
      ];
}

const REASONS = ['征信评分不足', '收入证明不符', '多头借贷', 'Blacklisted device'];

function* applications(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const each of lender.applications(index))
      yield [
        each.id,
        lender.customerId(index),
        each.product.code,
        each.branchId,
        yuan(each.amount),
        each.term,
        each.status,
        each.status === 'REJECTED' ? (REASONS[each.id % REASONS.length] ?? null) : null,
        JSON.stringify({ os: each.id % 3 === 0 ? 'iOS' : 'Android', 渠道: each.id % 5 === 0 ? '线下' : '线上' }),
        isoMoment(each.appliedOn, (each.id * 37) % 86_400),
      ];
}

function* contracts(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { id, product, branchId, term, contract } of lender.loans(index))
      yield [
        contract.id,
        contract.no,
        id,
        lender.customerId(index),
        product.code,
        branchId,
        lender.customerId(index) * 10,
        yuan(contract.principal),
        rate(contract.rate),
        term,
        'CNY',
        isoDay(contract.startDay),
        isoDay(contract.endDay),
        contract.status,
        contract.riskClass,
      ];
}

function* plans(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { contract } of lender.loans(index))
      for (const { period, dueDay, principal, interest } of contract.instalments)
        yield [contract.id, period, isoDay(dueDay), yuan(principal), yuan(interest)];
}

/** What was paid, in one or two parts; the parts add up to what was due. */
export function partsOf(
  { principal, interest }: Instalment,
  { parts, penalty }: Payment,
): readonly (readonly [principal: number, interest: number, penalty: number])[] {
  if (parts === 1) return [[principal, interest, penalty]];
  const half = Math.floor(principal / 2);
  return [
    [half, interest, 0],
    [principal - half, 0, penalty],
  ];
}

function* repayments(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { contract } of lender.loans(index))
      for (const instalment of contract.instalments) {
        const { period, paid } = instalment;
        if (!paid) continue;
        for (const [at, [principal, interest, penalty]] of partsOf(instalment, paid).entries())
          yield [
            repaymentId(contract.id, period, at + 1),
            contract.id,
            period,
            at + 1,
            isoMoment(paid.day, paid.second),
            yuan(principal),
            yuan(interest),
            yuan(penalty),
            paid.channel,
          ];
      }
}

function* collaterals(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { product, contract } of lender.loans(index)) {
      const secured = product.type === 'CAR' || (product.type === 'BIZ' && contract.id % 3 === 0);
      if (!secured) continue;
      const isCar = product.type === 'CAR';
      yield [
        contract.id * 10 + 1,
        contract.id,
        isCar ? 'CAR' : contract.id % 2 === 0 ? 'HOUSE' : 'DEPOSIT',
        yuan(Math.round(contract.principal * 1.4)),
        isCar ? `新能源汽车 ${contract.id % 90_000}` : null,
      ];
    }
}

const RELATIONS = ['配偶', '父母', '兄弟姐妹', '朋友', 'Business partner'];

function* guarantors(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { contract } of lender.loans(index)) {
      if (contract.guarantor === undefined) continue;
      const person = lender.person(contract.guarantor);
      const relation = RELATIONS[contract.id % RELATIONS.length] ?? null;
      yield [contract.id * 10 + 2, contract.id, person.name, person.residentId, person.mobile, relation];
    }
}

function* labels(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++) {
    const { id, tags, since } = lender.customer(index);
    for (const tag of tags) yield [id, tag, isoDay(since + 10)];
  }
}

function* memos(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++)
    for (const { contract } of lender.loans(index)) {
      const late = contract.instalments.find(({ paid }) => !paid);
      if (contract.riskClass === '1' || !late) continue;
      const memo = MEMOS[contract.id % MEMOS.length] ?? null;
      yield [contract.id * 10 + 3, contract.id, memo, isoMoment(late.dueDay, (contract.id * 61) % 86_400)];
    }
}

function* channels(): Iterable<Cell[]> {
  yield ['AUTO', '自动代扣', 'Direct debit', '0.000500'];
  yield ['APP', '手机银行', 'Mobile app', '0.000000'];
  yield ['WECHAT', '微信支付', 'WeChat Pay', '0.001000'];
  yield ['ALIPAY', '支付宝', 'Alipay', '0.001000'];
  yield ['COUNTER', '柜面', 'Counter', '0.000000'];
}

/** Everything but direct debit comes as an order; now and then the first try fails. */
function* paymentOrders(lender: Lender): Iterable<Cell[]> {
  for (let index = 0; index < lender.customers; index++) {
    const card = lender.accounts(index)[0]?.cardNo ?? null;
    for (const { contract } of lender.loans(index))
      for (const instalment of contract.instalments) {
        const { period, paid } = instalment;
        if (!paid || paid.channel === 'AUTO') continue;
        for (const [at, [principal, interest, penalty]] of partsOf(instalment, paid).entries()) {
          const repayment = repaymentId(contract.id, period, at + 1);
          const order = (number: number, status: string, second: number): Cell[] => [
            repayment * 10 + number,
            repayment,
            lender.customerId(index),
            card,
            yuan(principal + interest + penalty),
            'CNY',
            paid.channel,
            status,
            isoMoment(paid.day, second),
          ];
          if (paid.second % 25 === 0) yield order(1, 'FAILED', Math.max(0, paid.second - 60));
          yield order(2, 'SUCCESS', paid.second);
        }
      }
  }
}
