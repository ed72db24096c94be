import pg from 'pg';
import { bureauEntry, isKnown, overdueNo, reportNo } from './bureau.js';
import { BUSINESS_DATE } from './calendar.js';
import { type Cell, partsOf, repaymentId } from './core-tables.js';
import type { Lender, Loan } from './lender.js';
import { misheard } from './people.js';
import type { Random } from './random.js';
import type { DemoCheck, DemoSource } from './rules.js';

/** `identifier` is for checks that look into a value: a resident id whose check digit is wrong. */
export type FaultKind = DemoCheck['kind'] | 'identifier';

type Key = Readonly<Record<string, string | number>>;

/** One wrong place in the bank, as the manifest names it. */
export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  readonly database: DemoSource;
  readonly schema: string;
  readonly table: string;
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly key: Key;
  /** Of a duplicate: the row that was there before. */
  readonly twin?: Key;
  /** The fault this one came from: the ETL carried it on. */
  readonly from?: string;
  readonly note: string;
}

/** What `manifest.json` beside the bureau's folder holds. Only tests read it. */
export interface Manifest {
  readonly seed: number;
  readonly customers: number;
  readonly faults: readonly Fault[];
}

/** A fault and the statement that puts it there. */
export interface Planting {
  readonly fault: Fault;
  /** ETL file after which it is planted; without it, after everything of that database is loaded. */
  readonly after?: string;
  /** Where the ETL carries it. */
  readonly carried: readonly Carried[];
  readonly sql: string;
  readonly values: readonly Cell[];
}

/** What a recipe may draw from. Each customer is given away once, so that no two faults meet in one row. */
class Subjects {
  private readonly taken = new Set<number>();
  copies = 0;

  constructor(
    readonly lender: Lender,
    readonly random: Random,
  ) {}

  /** A customer nothing is wrong with yet. */
  customer(fits: (index: number) => boolean = () => true): number {
    for (let tries = 0; tries < 100_000; tries++) {
      const index = this.random.int(0, this.lender.customers - 1);
      if (this.taken.has(index) || !fits(index)) continue;
      this.taken.add(index);
      return index;
    }
    throw new RangeError('The bank is too small for this many faults.');
  }

  loan(fits: (loan: Loan) => boolean = () => true): Loan {
    const index = this.customer((candidate) => this.lender.loans(candidate).some(fits));
    return this.random.pick(this.lender.loans(index).filter(fits));
  }

  /** A repayment of its own customer. */
  repayment(byOrder = false): { readonly repayment: number; readonly order: number } {
    const fits = (paid: { channel: string } | undefined) => paid !== undefined && (!byOrder || paid.channel !== 'AUTO');
    const { contract } = this.loan((loan) => loan.contract.instalments.some(({ paid }) => fits(paid)));
    const instalment = this.random.pick(contract.instalments.filter(({ paid }) => fits(paid)));
    const part = instalment.paid ? this.random.int(1, partsOf(instalment, instalment.paid).length) : 1;
    const repayment = repaymentId(contract.id, instalment.period, part);
    return { repayment, order: repayment * 10 + 2 };
  }

  /** Index of a customer the bureau knows. */
  known(withOverdue = false): number {
    return this.customer((index) => isKnown(this.lender, index) && (!withOverdue || this.overdues(index).length > 0));
  }

  overdues(index: number): readonly (readonly Cell[])[] {
    return bureauEntry(this.lender, index, this.lender.person(index)).overdues;
  }
}

interface Place {
  readonly database: DemoSource;
  readonly schema: string;
  readonly table: string;
  readonly column?: string;
  readonly columns?: readonly string[];
}

/** Where the ETL carries a fault to. */
interface Carried extends Place {
  readonly kind: FaultKind;
}

interface Planted {
  readonly key: Key;
  readonly twin?: Key;
  readonly sql: string;
  readonly values: readonly Cell[];
  readonly note: string;
}

interface Recipe extends Place {
  readonly kind: FaultKind;
  readonly after?: string;
  readonly carried?: readonly Carried[];
  plant(subjects: Subjects): Planted;
}

const at = (place: string, column?: string): Place => {
  const [database, schema = '', table = ''] = place.split('/');
  return { database: database as DemoSource, schema, table, ...(column === undefined ? {} : { column }) };
};

const tableOf = ({ database, schema, table }: Place): string =>
  database === 'bureau' ? pg.escapeIdentifier(table) : `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;

const where = (key: Key, from: number): string =>
  Object.keys(key)
    .map((column, index) => `${pg.escapeIdentifier(column)} = $${from + index}`)
    .join(' AND ');

/** One cell gets a wrong value. */
function wrongCell(
  kind: FaultKind,
  place: string,
  column: string,
  note: string,
  choose: (subjects: Subjects) => { readonly key: Key; readonly value: Cell; readonly twin?: Key },
  more: { readonly after?: string; readonly carried?: readonly Carried[] } = {},
): Recipe {
  const where_ = at(place, column);
  return {
    ...where_,
    kind,
    ...more,
    plant(subjects) {
      const { key, value, twin } = choose(subjects);
      return {
        key,
        ...(twin ? { twin } : {}),
        sql: `UPDATE ${tableOf(where_)} SET ${pg.escapeIdentifier(column)} = $1 WHERE ${where(key, 2)}`,
        values: [value, ...Object.values(key)],
        note,
      };
    },
  };
}

/** A row vanishes from the warehouse right after it was loaded. */
function lostRow(place: string, after: string, note: string, choose: (subjects: Subjects) => Key): Recipe {
  const where_ = at(place);
  return {
    ...where_,
    kind: 'row_count_compare',
    after,
    plant(subjects) {
      const key = choose(subjects);
      return { key, sql: `DELETE FROM ${tableOf(where_)} WHERE ${where(key, 1)}`, values: Object.values(key), note };
    },
  };
}

const CUSTOMER = 'core/core/customer';
const CONTRACT = 'core/core/loan_contract';
const REPAYMENT = 'core/core/repayment';
const ORDER = 'core/pay/payment_order';

const customerKey = (subjects: Subjects): Key => ({ customer_id: subjects.lender.customerId(subjects.customer()) });
const contractKey = (subjects: Subjects): Key => ({ contract_id: subjects.loan().contract.id });
const repaymentKey = (subjects: Subjects): Key => ({ repayment_id: subjects.repayment().repayment });
const orderKey = (subjects: Subjects): Key => ({ order_id: subjects.repayment(true).order });

/** Ids no generator gives out. */
const nobody = (subjects: Subjects): number => 90_000_000_000_000 + subjects.random.int(1, 9_999_999);

const RECIPES: readonly Recipe[] = [
  wrongCell('not_null', CUSTOMER, 'customer_name', 'name missing', (s) => ({ key: customerKey(s), value: null }), {
    carried: [{ kind: 'not_null', ...at('warehouse/dwd/customer', 'customer_name') }],
  }),
  wrongCell('not_null', CUSTOMER, 'mobile', 'mobile missing', (s) => ({ key: customerKey(s), value: null })),
  wrongCell('not_null', CUSTOMER, 'resident_id', 'resident id missing', (s) => ({ key: customerKey(s), value: null })),
  wrongCell('not_null', CONTRACT, 'end_date', 'end date missing', (s) => ({ key: contractKey(s), value: null })),
  wrongCell('not_null', REPAYMENT, 'paid_at', 'time of payment missing', (s) => ({
    key: repaymentKey(s),
    value: null,
  })),

  wrongCell('unique', CUSTOMER, 'resident_id', "another customer's resident id typed in", (s) => {
    const twin = s.customer();
    return {
      key: customerKey(s),
      value: s.lender.person(twin).residentId,
      twin: { customer_id: s.lender.customerId(twin) },
    };
  }),
  samePersonTwice(),
  wrongCell(
    'unique',
    CONTRACT,
    'contract_no',
    'contract number given twice',
    (s) => {
      const { contract } = s.loan();
      return { key: contractKey(s), value: contract.no, twin: { contract_id: contract.id } };
    },
    { carried: [{ kind: 'unique', ...at('warehouse/dwd/loan', 'contract_no') }] },
  ),
  repaymentBookedTwice(),

  wrongCell('in_set', CUSTOMER, 'gender_code', 'gender not a code of GB/T 2261.1', (s) => ({
    key: customerKey(s),
    value: s.random.pick(['3', 'M', 'F', '男']),
  })),
  wrongCell('in_set', CUSTOMER, 'marital_code', 'unknown marital status', (s) => ({
    key: customerKey(s),
    value: s.random.pick(['11', '99', 'S']),
  })),
  wrongCell(
    'in_set',
    CONTRACT,
    'risk_class',
    'unknown risk class',
    (s) => ({ key: contractKey(s), value: s.random.pick(['0', '6', 'X']) }),
    { carried: [{ kind: 'in_set', ...at('warehouse/dwd/loan', 'risk_class') }] },
  ),
  wrongCell('in_set', CONTRACT, 'currency', 'RMB is no ISO 4217 code', (s) => ({ key: contractKey(s), value: 'RMB' })),
  wrongCell('in_set', ORDER, 'status', 'unknown payment status', (s) => ({
    key: orderKey(s),
    value: s.random.pick(['DONE', 'success', '??']),
  })),

  wrongCell('between', CONTRACT, 'annual_rate', 'rate typed as a percentage', (s) => ({
    key: contractKey(s),
    value: s.random.int(400, 2400) / 100,
  })),
  wrongCell('between', CONTRACT, 'principal', 'principal not above zero or beyond the mandate', (s) => ({
    key: contractKey(s),
    value: s.random.pick([0, -s.random.int(1_000, 90_000), s.random.int(6_000_000, 90_000_000)]),
  })),
  wrongCell(
    'between',
    CUSTOMER,
    'birth_date',
    'born in the future or too long ago',
    (s) => ({
      key: customerKey(s),
      value: `${s.random.pick([s.random.int(2031, 2099), s.random.int(1850, 1900)])}-02-17`,
    }),
    { carried: [{ kind: 'between', ...at('warehouse/dwd/customer', 'age') }] },
  ),
  wrongCell('between', REPAYMENT, 'paid_principal', 'negative repayment', (s) => ({
    key: repaymentKey(s),
    value: -s.random.int(1, 5_000),
  })),

  wrongCell('foreign_key', CONTRACT, 'account_id', 'repayment account does not exist', (s) => ({
    key: contractKey(s),
    value: nobody(s),
  })),
  wrongCell('foreign_key', REPAYMENT, 'contract_id', 'repayment of an unknown contract', (s) => ({
    key: repaymentKey(s),
    value: nobody(s),
  })),
  wrongCell('foreign_key', 'core/core/guarantor', 'contract_id', 'guarantee for an unknown contract', (s) => ({
    key: { guarantor_id: s.loan(({ contract }) => contract.guarantor !== undefined).contract.id * 10 + 2 },
    value: nobody(s),
  })),
  wrongCell('foreign_key', ORDER, 'customer_id', 'paid by an unknown customer', (s) => ({
    key: orderKey(s),
    value: nobody(s),
  })),

  wrongCell('identifier', CUSTOMER, 'resident_id', 'check digit of the resident id is wrong', (s) => {
    const index = s.customer();
    const { residentId } = s.lender.person(index);
    const check = residentId.slice(-1);
    return {
      key: { customer_id: s.lender.customerId(index) },
      value: residentId.slice(0, -1) + s.random.pick([...'0123456789X'].filter((char) => char !== check)),
    };
  }),

  wrongCell('not_null', 'bureau/bureau/credit_score', 'score', 'score missing', (s) => ({
    key: { resident_id: s.lender.person(s.known()).residentId },
    value: null,
  })),
  wrongCell(
    'between',
    'bureau/bureau/credit_score',
    'score',
    'score off the scale',
    (s) => ({
      key: { resident_id: s.lender.person(s.known()).residentId },
      value: s.random.pick([0, -1, 999, 9999]),
    }),
    { carried: [{ kind: 'between', ...at('warehouse/ods/bureau_score', 'score') }] },
  ),
  secondReport(),
  wrongCell('in_set', 'bureau/bureau/overdue_record', '逾期状态', 'unknown overdue status', (s) => ({
    key: { 记录编号: overdueNo(s.known(true), 1) },
    value: s.random.pick(['9', '已结清', 'Y']),
  })),
  wrongCell('foreign_key', 'bureau/bureau/overdue_record', '证件号码', 'overdue record of an unknown person', (s) => ({
    key: { 记录编号: overdueNo(s.known(true), 1) },
    value: `99${s.random.digits(15)}X`,
  })),

  lostRow('warehouse/ods/repayment', '17_ods_repayment', 'repayment lost between core and ods', repaymentKey),
  lostRow('warehouse/ods/payment_order', '18_ods_payment_order', 'payment lost between core and ods', orderKey),
  lostRow('warehouse/ods/bureau_score', '22_ods_bureau_score', 'score lost between the bureau file and ods', (s) => ({
    resident_id: s.lender.person(s.known()).residentId,
  })),
  lostRow('warehouse/dwd/loan', '41_dwd_loan', 'contract lost between ods and dwd', contractKey),

  wrongCell('not_null', 'warehouse/dwd/customer', 'risk_grade', 'risk grade missing', (s) => ({
    key: customerKey(s),
    value: null,
  })),
  wrongCell('in_set', 'warehouse/dwd/loan', 'product_type', 'unknown product type', (s) => ({
    key: contractKey(s),
    value: s.random.pick(['ZZ', 'LOAN', '消费']),
  })),
  wrongCell('foreign_key', 'warehouse/dwd/loan', 'branch_id', 'branch does not exist', (s) => ({
    key: contractKey(s),
    value: s.random.int(90_000, 99_999),
  })),
  riskRowTwice(),
  wrongCell('between', 'warehouse/ads/overdue_report', 'overdue_rate', 'rate above one or negative', (s) => {
    const { branchId, product } = s.loan();
    return {
      key: { stat_date: BUSINESS_DATE, branch_id: branchId, product_code: product.code },
      value: s.random.pick([1.25, 37.5, -0.02]),
    };
  }),
];

/** A customer came to a second branch and was entered again: other number, other spelling, same resident id. */
function samePersonTwice(): Recipe {
  return {
    ...at(CUSTOMER, 'resident_id'),
    kind: 'unique',
    plant(s) {
      const index = s.customer();
      const { person } = s.lender.customer(index);
      const id = s.lender.customerId(s.lender.customers + s.copies++);
      const twin = s.lender.customerId(index);
      return {
        key: { customer_id: id },
        twin: { customer_id: twin },
        sql: `
          INSERT INTO core.customer (customer_id, customer_no, resident_id, customer_name, name_en, gender_code, birth_date,
                                     marital_code, mobile, region_code, address, occupation, monthly_income, risk_grade,
                                     branch_id, created_at, updated_at)
          SELECT $1, $2, resident_id, $3, name_en, gender_code, birth_date,
                 marital_code, $4, region_code, address, occupation, monthly_income, risk_grade,
                 $5, created_at + interval '400 days', updated_at + interval '400 days'
            FROM core.customer
           WHERE customer_id = $6
        `,
        values: [
          id,
          `C${String(id).padStart(9, '0')}`,
          misheard(person.name, s.random),
          s.random.chance(0.5) ? person.mobile : `137${s.random.digits(8)}`,
          s.random.pick(s.lender.branches.slice(1)).id,
          twin,
        ],
        note: 'the same person entered twice',
      };
    },
  };
}

function repaymentBookedTwice(): Recipe {
  return {
    ...at(REPAYMENT),
    columns: ['contract_id', 'period_no', 'part_no'],
    kind: 'unique',
    plant(s) {
      const { repayment } = s.repayment();
      const id = repayment + 5;
      return {
        key: { repayment_id: id },
        twin: { repayment_id: repayment },
        sql: `
          INSERT INTO core.repayment (repayment_id, contract_id, period_no, part_no, paid_at, paid_principal, paid_interest,
                                      paid_penalty, channel_code)
          SELECT $1, contract_id, period_no, part_no, paid_at + interval '2 seconds', paid_principal, paid_interest,
                 paid_penalty, channel_code
            FROM core.repayment
           WHERE repayment_id = $2
        `,
        values: [id, repayment],
        note: 'repayment booked twice',
      };
    },
  };
}

function secondReport(): Recipe {
  return {
    ...at('bureau/bureau/credit_report', 'resident_id'),
    kind: 'unique',
    plant(s) {
      const no = reportNo(s.known());
      return {
        key: { report_no: `${no}-2` },
        twin: { report_no: no },
        sql: `INSERT INTO credit_report SELECT * REPLACE ($1 AS report_no) FROM credit_report WHERE report_no = $2`,
        values: [`${no}-2`, no],
        note: 'two reports on one person',
      };
    },
  };
}

function riskRowTwice(): Recipe {
  return {
    ...at('warehouse/dws/customer_risk', 'customer_id'),
    kind: 'unique',
    plant(s) {
      const key = customerKey(s);
      return {
        key,
        sql: `INSERT INTO dws.customer_risk SELECT * FROM dws.customer_risk WHERE customer_id = $1`,
        values: Object.values(key),
        note: 'row loaded twice',
      };
    },
  };
}

/** All faults of a bank, drawn from its seed: a few of every kind. */
export function plantingsOf(lender: Lender): Planting[] {
  const random = lender.random.split('faults');
  const subjects = new Subjects(lender, random.split('subjects'));
  const most = 3 + Math.floor(Math.sqrt(lender.customers) / 20);
  const seen = new Set<string>();
  const plantings: Planting[] = [];
  for (const [number, recipe] of RECIPES.entries()) {
    const count = random.split('count', number).int(2, most);
    for (let each = 0; each < count; each++) {
      const planted = recipe.plant(subjects);
      const fault = faultOf(`F${String(plantings.length + 1).padStart(4, '0')}`, recipe, planted);
      // Two loans may stand in the same line of a report.
      const place = JSON.stringify([fault.schema, fault.table, fault.column, fault.key]);
      if (seen.has(place)) continue;
      seen.add(place);
      const { after, carried = [] } = recipe;
      plantings.push({ fault, after, carried, sql: planted.sql, values: planted.values });
    }
  }
  return plantings;
}

function faultOf(id: string, place: Place & { readonly kind: FaultKind }, { key, twin, note }: Planted): Fault {
  const { kind, database, schema, table, column, columns } = place;
  return {
    id,
    kind,
    database,
    schema,
    table,
    ...(column === undefined ? {} : { column }),
    ...(columns === undefined ? {} : { columns }),
    key,
    ...(twin === undefined ? {} : { twin }),
    note,
  };
}

/** The manifest's list: each planted fault, and after it what the ETL carries on. */
export function faultsOf(plantings: readonly Planting[]): Fault[] {
  return plantings.flatMap(({ fault, carried }) => [
    fault,
    ...carried.map((place, at) => ({ ...fault, ...place, id: `${fault.id}.${at + 1}`, from: fault.id })),
  ]);
}
