const PROJECT = 'bank_risk';
const RAN = { started: '2026-06-30T22:00:00.000000Z', ended: '2026-06-30T22:00:04.000000Z' };

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
}

interface Model extends Table {
  readonly description: string;
  readonly sql: (relation: (table: Table) => string) => string;
  readonly reads: readonly Table[];
}

const LOAN_OVERDUE: Table = {
  ...{ schema: 'dws', name: 'loan_overdue' },
  columns: {
    ...{ contract_id: 'bigint', customer_id: 'bigint', branch_id: 'integer', product_code: 'character varying' },
    ...{ risk_class: 'character(1)', principal: 'numeric', outstanding: 'numeric', overdue_amount: 'numeric' },
    ...{ overdue_days: 'integer', overdue_bucket: 'character varying' },
  },
};

const NPL_REPORT: Model = {
  ...{ schema: 'ads', name: 'npl_report', reads: [LOAN_OVERDUE] },
  description: '不良贷款报表：按五级分类汇总的余额与占比。Non-performing loans by risk class.',
  columns: {
    ...{ stat_date: 'date', risk_class: 'character(1)', risk_class_name: 'character varying', loans: 'integer' },
    ...{ outstanding: 'numeric', share: 'numeric', is_npl: 'boolean' },
  },
  sql: (relation) => `with by_class as (
    select risk_class, count(*) as loans, sum(outstanding) as outstanding
      from ${relation(LOAN_OVERDUE)}
     where risk_class is not null
     group by risk_class
)
select date '2026-06-30' as stat_date,
       risk_class,
       case risk_class when '1' then '正常' when '2' then '关注' when '3' then '次级' when '4' then '可疑' when '5' then '损失' else '未知' end as risk_class_name,
       loans,
       outstanding,
       round(outstanding / nullif(sum(outstanding) over (), 0), 6) as share,
       risk_class in ('3', '4', '5') as is_npl
  from by_class`,
};

/** What the project says of columns. */
const COLUMNS: Readonly<Record<string, string>> = {
  risk_class: '五级分类代码，1 正常 至 5 损失。Risk class, 1 to 5.',
  outstanding: '该分类的贷款余额，人民币元。Outstanding amount, CNY.',
  is_npl: '是否不良：次级、可疑、损失。Whether the class is non-performing.',
};

const TESTS = [
  { name: 'not_null_npl_report_risk_class', kind: 'not_null', column: 'risk_class', severity: 'ERROR', status: 'pass' },
  { name: 'unique_npl_report_risk_class', kind: 'unique', column: 'risk_class', severity: 'ERROR', status: 'pass' },
  {
    ...{
      name: 'accepted_values_npl_report_risk_class',
      kind: 'accepted_values',
      column: 'risk_class',
      severity: 'WARN',
    },
    status: 'pass',
  },
  { name: 'not_null_npl_report_share', kind: 'not_null', column: 'share', severity: 'WARN', status: 'pass' },
] as const;

/** What `dbt build` and `dbt docs generate` leave of the bank's small project. `database` is the warehouse's. */
export function dbtArtifacts(database: string): Readonly<Record<'manifest' | 'catalog' | 'run_results', object>> {
  const relation = ({ schema, name }: Table) => `"${database}"."${schema}"."${name}"`;
  const modelId = `model.${PROJECT}.${NPL_REPORT.name}`;
  const sourceId = (table: Table) => `source.${PROJECT}.${table.schema}.${table.name}`;
  const testId = (name: string) => `test.${PROJECT}.${name}`;
  const metadata = (kind: string, version: number) => ({
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${kind}/v${version}.json`,
    ...{ dbt_version: '1.11.2', generated_at: RAN.ended, env: {} },
  });
  const checksum = { name: 'none', checksum: '' };
  const nodes = {
    [modelId]: {
      ...{ database, schema: NPL_REPORT.schema, name: NPL_REPORT.name, alias: NPL_REPORT.name, resource_type: 'model' },
      ...{ package_name: PROJECT, path: 'npl_report.sql', original_file_path: 'models/npl_report.sql', checksum },
      ...{ unique_id: modelId, fqn: [PROJECT, NPL_REPORT.name], relation_name: relation(NPL_REPORT), language: 'sql' },
      ...{ config: { materialized: 'table' }, tags: ['监管'], description: NPL_REPORT.description },
      columns: Object.fromEntries(Object.entries(COLUMNS).map(([name, description]) => [name, { name, description }])),
      raw_code: NPL_REPORT.sql(({ schema, name }) => `{{ source('${schema}', '${name}') }}`),
      compiled_code: NPL_REPORT.sql(relation),
      compiled: true,
      depends_on: { macros: [], nodes: NPL_REPORT.reads.map(sourceId) },
      meta: { owner: '风险管理部' },
    },
    ...Object.fromEntries(
      TESTS.map(({ name, kind, column, severity }) => [
        testId(name),
        {
          ...{
            database,
            schema: 'dbt_test',
            name,
            alias: name,
            resource_type: 'test',
            package_name: PROJECT,
            checksum,
          },
          ...{ path: `${name}.sql`, original_file_path: 'models/schema.yml', unique_id: testId(name) },
          ...{ fqn: [PROJECT, name], config: { severity }, column_name: column, attached_node: modelId },
          test_metadata: { name: kind, kwargs: { column_name: column } },
          depends_on: { macros: [], nodes: [modelId] },
        },
      ]),
    ),
  };
  const sources = Object.fromEntries(
    NPL_REPORT.reads.map((table) => [
      sourceId(table),
      {
        ...{ database, schema: table.schema, name: table.name, identifier: table.name, resource_type: 'source' },
        ...{ package_name: PROJECT, path: 'models/sources.yml', original_file_path: 'models/sources.yml', loader: '' },
        ...{ unique_id: sourceId(table), fqn: [PROJECT, table.schema, table.name], source_name: table.schema },
        ...{ source_description: '', relation_name: relation(table) },
      },
    ]),
  );
  const exposureId = `exposure.${PROJECT}.npl_report_daily`;
  const exposures = {
    [exposureId]: {
      ...{ name: 'npl_report_daily', label: '不良贷款日报 NPL report', type: 'dashboard', resource_type: 'exposure' },
      ...{ package_name: PROJECT, path: 'exposures.yml', original_file_path: 'models/exposures.yml' },
      ...{ unique_id: exposureId, fqn: [PROJECT, 'npl_report_daily'], url: 'https://bi.example.com/risk/npl' },
      ...{ description: '每日报送风险管理委员会。Goes to the risk committee every day.', maturity: 'high' },
      ...{ owner: { name: '风险管理部', email: 'risk@example.com' }, depends_on: { macros: [], nodes: [modelId] } },
    },
  };
  const tableOf = ({ schema, name, columns }: Table, id: string) => ({
    metadata: { type: 'BASE TABLE', schema, name, database, comment: null, owner: null },
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, type], at) => [
        column,
        { type, index: at + 1, name: column, comment: null },
      ]),
    ),
    stats: {},
    unique_id: id,
  });
  const ran = (id: string, status: string, message: string) => ({
    ...{ status, message, unique_id: id, thread_id: 'Thread-1', execution_time: 1.25, adapter_response: {} },
    ...{ failures: status === 'success' ? null : 0, compiled: true, compiled_code: null, relation_name: null },
    timing: [{ name: 'execute', started_at: RAN.started, completed_at: RAN.ended }],
  });
  return {
    manifest: {
      metadata: { ...metadata('manifest', 12), project_name: PROJECT, adapter_type: 'postgres' },
      ...{ nodes, sources, exposures, macros: {}, docs: {}, metrics: {}, groups: {}, selectors: {}, disabled: {} },
      parent_map: { [modelId]: NPL_REPORT.reads.map(sourceId), [exposureId]: [modelId] },
      child_map: { [modelId]: [...TESTS.map(({ name }) => testId(name)), exposureId] },
      ...{ group_map: {}, saved_queries: {}, semantic_models: {}, unit_tests: {} },
    },
    catalog: {
      metadata: metadata('catalog', 1),
      nodes: { [modelId]: tableOf(NPL_REPORT, modelId) },
      sources: Object.fromEntries(NPL_REPORT.reads.map((table) => [sourceId(table), tableOf(table, sourceId(table))])),
      errors: null,
    },
    run_results: {
      metadata: metadata('run-results', 6),
      results: [
        ran(modelId, 'success', 'INSERT 0 5'),
        ...TESTS.map(({ name, status }) => ran(testId(name), status, '')),
      ],
      ...{ elapsed_time: 4, args: {} },
    },
  };
}
