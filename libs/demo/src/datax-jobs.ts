import { type DbPlace } from './database.js';

/** A DataX job of the bank: what it copies, and how a person in the bank would say so. */
interface DataxJob {
  readonly file: string;
  readonly title: string;
  readonly from: { readonly table: string; readonly columns: readonly string[] } | { readonly querySql: string };
  readonly to: { readonly table: string; readonly columns: readonly string[] };
}

const CUSTOMER = [
  ...['customer_id', 'customer_no', 'resident_id', 'customer_name', 'gender_code', 'birth_date', 'mobile'],
  ...['region_code', 'address', 'monthly_income', 'risk_grade', 'branch_id', 'created_at'],
];
const CONTRACT = [
  ...['contract_id', 'contract_no', 'application_id', 'customer_id', 'product_code', 'branch_id', 'account_id'],
  ...['principal', 'annual_rate', 'term_months', 'currency', 'start_date', 'end_date', 'status', 'risk_class'],
];
const PLAN = ['contract_id', 'period_no', 'due_date', 'due_principal', 'due_interest'];
const LOADED = "DATE '2026-06-30'";

const JOBS: readonly DataxJob[] = [
  {
    file: '客户.json',
    title: '客户主数据：核心系统 → 贴源层，每日全量',
    from: { table: 'core.customer', columns: [...CUSTOMER, LOADED] },
    to: { table: 'ods.customer', columns: [...CUSTOMER, 'load_date'] },
  },
  {
    file: '贷款合同.json',
    title: '贷款合同：核心系统 → 贴源层，每日全量',
    from: { table: 'core.loan_contract', columns: [...CONTRACT, LOADED] },
    to: { table: 'ods.loan_contract', columns: [...CONTRACT, 'load_date'] },
  },
  {
    file: '还款计划.json',
    title: '还款计划：只取生效合同的计划',
    from: {
      querySql: `SELECT p.contract_id, p.period_no, p.due_date, p.due_principal, p.due_interest, ${LOADED} FROM core.repayment_plan p JOIN core.loan_contract c ON c.contract_id = p.contract_id WHERE c.status <> 'CANCELLED'`,
    },
    to: { table: 'ods.repayment_plan', columns: [...PLAN, 'load_date'] },
  },
];

/** The bank's DataX jobs, as a person wrote them: with comments, and the password from the scheduler. */
export const dataxJobs = (core: DbPlace, warehouse: DbPlace): { readonly file: string; readonly text: string }[] =>
  JOBS.map(({ file, title, from, to }) => ({
    file,
    text: `// ${title}
{
  "job": {
    "setting": { "speed": { "channel": 3 } }, // 并发数
    "content": [
      {
        "reader": {
          "name": "postgresqlreader",
          "parameter": {
            "username": "etl",
            "password": "\${etl_password}",
${
  'querySql' in from
    ? `            "connection": [{ "querySql": [${JSON.stringify(from.querySql)}], "jdbcUrl": ["${urlOf(core)}"] }]`
    : `            "column": ${JSON.stringify(from.columns)},
            "connection": [{ "table": ["${from.table}"], "jdbcUrl": ["${urlOf(core)}"] }]`
}
          }
        },
        "writer": {
          "name": "postgresqlwriter",
          "parameter": {
            "username": "etl",
            "password": "\${etl_password}",
            /* 按位置对应，顺序不可改 */
            "column": ${JSON.stringify(to.columns)},
            "preSql": ["TRUNCATE TABLE ${to.table}"],
            "connection": [{ "table": ["${to.table}"], "jdbcUrl": "${urlOf(warehouse)}" }]
          }
        }
      }
    ]
  }
}
`,
  }));

const urlOf = ({ host, port, database }: DbPlace): string => `jdbc:postgresql://${host}:${port}/${database}`;
