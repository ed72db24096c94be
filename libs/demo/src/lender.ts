import { addMonths, dateOf, type Day, dayOf, isoDay, TODAY } from './calendar.js';
import { cardNumber, creditCode, CREDIT_CODE_ALPHABET } from './identifiers.js';
import { type Person, personOf } from './people.js';
import { Random } from './random.js';
import { CARD_PREFIXES, COMPANY_KINDS, COMPANY_WORDS, REGIONS, type Region, TAGS } from './words.js';

export interface Branch {
  readonly id: number;
  readonly region: Region;
  readonly parentId: number | null;
  readonly openedOn: Day;
}

export interface Product {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly type: 'CONS' | 'BIZ' | 'CAR' | 'EDU';
  /** In hundredths of a percent. */
  readonly rates: readonly [number, number];
  /** In yuan. */
  readonly amounts: readonly [number, number];
}

export interface Customer {
  readonly id: number;
  readonly person: Person;
  readonly branchId: number;
  readonly riskGrade: string;
  readonly isEmployee: boolean;
  readonly tags: readonly string[];
  readonly since: Day;
}

export interface Account {
  readonly id: number;
  readonly cardNo: string;
  readonly type: 'REPAY' | 'SAVING';
  readonly balance: number;
  readonly openedOn: Day;
}

export interface Application {
  readonly id: number;
  readonly product: Product;
  readonly branchId: number;
  /** In cents. */
  readonly amount: number;
  readonly term: number;
  readonly appliedOn: Day;
  readonly status: 'APPROVED' | 'REJECTED' | 'CANCELLED' | 'PENDING';
}

/** An application that became a contract. */
export interface Loan extends Application {
  readonly contract: Contract;
}

export interface Contract {
  readonly id: number;
  readonly no: string;
  readonly principal: number;
  /** In hundredths of a percent. */
  readonly rate: number;
  readonly startDay: Day;
  readonly endDay: Day;
  readonly status: 'NORMAL' | 'OVERDUE' | 'SETTLED' | 'WRITTEN_OFF';
  readonly riskClass: string;
  readonly instalments: readonly Instalment[];
  /** Index of the person who guarantees it. */
  readonly guarantor?: number;
}

export interface Instalment {
  readonly period: number;
  readonly dueDay: Day;
  readonly principal: number;
  readonly interest: number;
  readonly paid?: Payment;
}

export interface Payment {
  readonly day: Day;
  readonly second: number;
  readonly penalty: number;
  readonly channel: string;
  readonly parts: 1 | 2;
}

export interface Company {
  readonly id: number;
  readonly creditCode: string;
  readonly name: string;
  readonly industry: string;
  readonly capital: number;
  readonly foundedOn: Day;
}

export const PRODUCTS: readonly Product[] = [
  product('P1001', '闪电消费贷', 'Flash consumer loan', 'CONS', [720, 2400], [1_000, 50_000]),
  product('P1002', '工薪贷', 'Payroll loan', 'CONS', [480, 1200], [10_000, 200_000]),
  product('P1003', '新市民安居贷', 'New citizen loan', 'CONS', [435, 900], [5_000, 100_000]),
  product('P2001', '小微经营贷', 'Small business loan', 'BIZ', [400, 1500], [50_000, 1_000_000]),
  product('P2002', '订单融资', 'Order finance', 'BIZ', [450, 1100], [100_000, 3_000_000]),
  product('P3001', '购车分期', 'Car instalments', 'CAR', [399, 1000], [30_000, 400_000]),
  product('P4001', '教育分期', 'Education instalments', 'EDU', [360, 900], [2_000, 80_000]),
];

function product(
  code: string,
  name: string,
  nameEn: string,
  type: Product['type'],
  rates: Product['rates'],
  amounts: Product['amounts'],
): Product {
  return { code, name, nameEn, type, rates, amounts };
}

export const HEAD_OFFICE = 1000;
const FIRST_CUSTOMER = 100_000;
const FIRST_STRANGER = 3_000_000;
const FIRST_GUARANTOR = 4_000_000;
const FIRST_LOAN = dayOf('2023-07-01');
const OPENING = dayOf('2021-01-01');
const CHANNELS = [
  ['AUTO', 65],
  ['APP', 18],
  ['WECHAT', 9],
  ['ALIPAY', 7],
  ['COUNTER', 1],
] as const;

/**
 * The demo bank. Nothing is kept: each customer and all that belongs to it is worked out again from its index, so the
 * size of the bank costs no memory.
 */
export class Lender {
  readonly random: Random;
  readonly branches: readonly Branch[];

  constructor(
    seed: number,
    readonly customers: number,
  ) {
    this.random = Random.of(`plumbline demo ${seed}`);
    this.branches = branchesOf(this.random.split('branches'));
  }

  /** A person no branch knows; the bureau does. */
  stranger(number: number): Person {
    return personOf(this.random, FIRST_STRANGER + number);
  }

  person(index: number): Person {
    return personOf(this.random, index);
  }

  customerId(index: number): number {
    return FIRST_CUSTOMER + index;
  }

  customer(index: number): Customer {
    const random = this.random.split('customer', index);
    return {
      id: this.customerId(index),
      person: personOf(this.random, index),
      branchId: this.homeBranch(index),
      riskGrade: random.weighted([
        ['A', 25],
        ['B', 35],
        ['C', 25],
        ['D', 12],
        ['E', 3],
      ]),
      isEmployee: random.chance(0.01),
      tags: TAGS.filter(() => random.chance(0.12)),
      since: random.int(OPENING, FIRST_LOAN - 30),
    };
  }

  private homeBranch(index: number): number {
    return this.random.split('home', index).pick(this.branches.slice(1)).id;
  }

  accounts(index: number): Account[] {
    const random = this.random.split('accounts', index);
    const types: readonly Account['type'][] = random.chance(0.3) ? ['REPAY', 'SAVING'] : ['REPAY'];
    return types.map((type, at) => {
      const id = this.customerId(index) * 10 + at;
      return {
        id,
        cardNo: cardNumber(random.pick(CARD_PREFIXES) + String(id).padStart(12, '0')),
        type,
        balance: random.int(0, 8_000_000),
        openedOn: random.int(OPENING, FIRST_LOAN - 30),
      };
    });
  }

  /** The company of a customer who borrows for business. */
  company(index: number): Company {
    const random = this.random.split('company', index);
    const region = random.pick(REGIONS);
    const [kind, industry] = random.pick(COMPANY_KINDS);
    const word = random.pick(COMPANY_WORDS);
    const other = random.pick(COMPANY_WORDS.filter((each) => each !== word));
    let organisation = '';
    // The index in base 31 keeps the codes apart.
    for (let rest = index, at = 0; at < 5; at++, rest = Math.floor(rest / 31))
      organisation = CREDIT_CODE_ALPHABET.charAt(rest % 31) + organisation;
    return {
      id: 500_000 + index,
      creditCode: creditCode(region.code, `MA${random.pick([...CREDIT_CODE_ALPHABET])}${organisation}`),
      name: `${region.city.replace('市', '')}${word}${other}${kind}`,
      industry,
      capital: random.int(10, 2_000) * 10_000_00,
      foundedOn: random.int(dayOf('2005-01-01'), OPENING),
    };
  }

  applications(index: number): Application[] {
    const random = this.random.split('loans', index);
    const count = random.weighted([
      [0, 8],
      [1, 28],
      [2, 34],
      [3, 22],
      [4, 8],
    ]);
    return Array.from({ length: count }, (_, at) => this.application(index, at, random.split('loan', at)));
  }

  private application(index: number, at: number, random: Random): Application {
    const id = this.customerId(index) * 10 + at;
    const chosen = random.pick(PRODUCTS);
    const appliedOn = random.int(FIRST_LOAN, TODAY - 25);
    const amount = Math.round(random.int(...chosen.amounts) / 100) * 100_00;
    const term = random.weighted([
      [6, 40],
      [12, 44],
      [24, 13],
      [36, 3],
    ]);
    const status =
      TODAY - appliedOn < 40
        ? 'PENDING'
        : random.weighted<Application['status']>([
            ['APPROVED', 82],
            ['REJECTED', 14],
            ['CANCELLED', 4],
          ]);
    return {
      id,
      product: chosen,
      branchId: random.chance(0.9) ? this.homeBranch(index) : random.pick(this.branches.slice(1)).id,
      amount,
      term,
      appliedOn,
      status,
    };
  }

  loans(index: number): Loan[] {
    return this.applications(index)
      .filter(({ status }) => status === 'APPROVED')
      .map((application) => {
        const random = this.random.split('contract', application.id);
        return { ...application, contract: contractOf(application, index, random) };
      });
  }
}

function branchesOf(random: Random): Branch[] {
  const [head, ...rest] = REGIONS.map((region) => ({ region, order: random.next() })).sort((a, b) => a.order - b.order);
  if (!head) return [];
  const count = random.int(12, 18);
  return [head, ...rest.slice(0, count)].map(({ region }, at) => ({
    id: HEAD_OFFICE + at,
    region,
    // Every third branch stands below the one before it, so that there is a tree to walk.
    parentId: at === 0 ? null : at % 3 === 2 ? HEAD_OFFICE + at - 1 : HEAD_OFFICE,
    openedOn: random.int(dayOf('2012-01-01'), OPENING),
  }));
}

function contractOf(application: Application, index: number, random: Random): Contract {
  const startDay = before29th(application.appliedOn + random.int(1, 5));
  const principal = random.chance(0.7)
    ? application.amount
    : Math.round(application.amount / 2_00_00) * 1_00_00 + 100_00;
  const rate = random.int(...application.product.rates);
  const instalments = instalmentsOf(principal, rate, application.term, startDay, random);
  const oldest = instalments.find(({ paid, dueDay }) => !paid && dueDay < TODAY);
  const lateDays = oldest ? TODAY - oldest.dueDay : 0;
  const guaranteed = random.chance(application.product.type === 'BIZ' ? 0.5 : 0.04);
  return {
    id: application.id,
    no: `HT${isoDay(startDay).slice(0, 4)}${String(application.id).padStart(10, '0')}`,
    principal,
    rate,
    startDay,
    endDay: addMonths(startDay, application.term),
    status: instalments.every(({ paid }) => paid)
      ? 'SETTLED'
      : lateDays > 360
        ? 'WRITTEN_OFF'
        : lateDays > 0
          ? 'OVERDUE'
          : 'NORMAL',
    riskClass: lateDays === 0 ? '1' : lateDays <= 90 ? '2' : lateDays <= 180 ? '3' : lateDays <= 360 ? '4' : '5',
    instalments,
    ...(guaranteed ? { guarantor: FIRST_GUARANTOR + index } : {}),
  };
}

const before29th = (day: Day): Day => day - Math.max(0, dateOf(day) - 28);

/** Equal principal every month, interest on what is left; the payer is punctual, slow, or stops at some point. */
function instalmentsOf(principal: number, rate: number, term: number, start: Day, random: Random): Instalment[] {
  const payer = random.weighted([
    ['punctual', 87],
    ['slow', 10],
    ['stops', 3],
  ]);
  const stopsAt = payer === 'stops' ? random.int(2, term) : Infinity;
  const each = Math.floor(principal / term);
  return Array.from({ length: term }, (_, at) => {
    const left = principal - each * at;
    const dueDay = addMonths(start, at + 1);
    const due = at === term - 1 ? left : each;
    const lateDays = payer === 'punctual' ? -random.int(0, 3) : random.int(-2, 25);
    const day = dueDay + lateDays;
    const paid: Payment = {
      day,
      second: random.int(0, 86_399),
      penalty: lateDays > 0 ? Math.round(due * lateDays * 0.0005) : 0,
      channel: random.weighted(CHANNELS),
      parts: random.chance(0.05) ? 2 : 1,
    };
    return {
      period: at + 1,
      dueDay,
      principal: due,
      interest: Math.round((left * rate) / 120_000),
      ...(dueDay < TODAY && day < TODAY && at + 1 < stopsAt ? { paid } : {}),
    };
  });
}
