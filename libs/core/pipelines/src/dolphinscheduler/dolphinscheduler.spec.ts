import { readDolphinScheduler } from '../index.js';
import { jobsOf, linesOf, reasonsOf, sourcesOf } from '../testing.js';

const SQL = {
  type: 'HIVE',
  datasource: 7,
  sql: 'insert into dwd.loan select id, sum(amt) amt from ods.loan group by id',
  sqlType: '1',
};
const DATAX = JSON.stringify({
  job: {
    content: [
      {
        reader: {
          name: 'mysqlreader',
          parameter: {
            password: 'geheim',
            column: ['a'],
            connection: [{ jdbcUrl: ['jdbc:mysql://h/d'], table: ['t'] }],
          },
        },
        writer: {
          name: 'postgresqlwriter',
          parameter: { column: ['x'], connection: [{ jdbcUrl: 'jdbc:postgresql://p/r', table: ['s.t'] }] },
        },
      },
    ],
  },
});

interface Task {
  readonly name: string;
  readonly taskType: string;
  readonly taskParams?: unknown;
  readonly flag?: string;
}

/** An export with tasks one after the other, as the versions write it. */
function exported(style: 'process' | 'workflow', tasks: readonly Task[], more: object = {}): string {
  const relations = tasks.map((_, at) => ({ preTaskCode: at === 0 ? 0 : 100 + at - 1, postTaskCode: 100 + at }));
  return JSON.stringify([
    {
      [`${style}Definition`]: { code: 9, name: '日终批量', releaseState: 'ONLINE', ...more },
      [`${style}TaskRelationList`]: relations,
      taskDefinitionList: tasks.map((task, at) => ({ code: 100 + at, ...task })),
      schedule: { crontab: '0 0 2 * * ? *' },
    },
  ]);
}

describe.each(['process', 'workflow'] as const)('an export with %s keys', (style) => {
  it('has tasks in their order, with their lineage', async () => {
    const text = exported(style, [
      { name: 'sync', taskType: 'DATAX', taskParams: { customConfig: 1, json: DATAX } },
      { name: 'dwd', taskType: 'SQL', taskParams: JSON.stringify(SQL) },
    ]);
    const read = await readDolphinScheduler(text, 'x.json');
    expect(read.pipelines[0]).toMatchObject({ name: '日终批量', schedule: '0 0 2 * * ? *', processing: 'BATCH' });
    expect(jobsOf(read).map(({ name, kind, after }) => [name, kind, after])).toEqual([
      ['sync', 'datax', []],
      ['dwd', 'sql', ['sync']],
    ]);
    expect(linesOf(read)).toEqual([
      'd.t -> r.s.t',
      'd.t#a -> r.s.t#x identity',
      'ods.loan -> dwd.loan',
      'ods.loan#id -> dwd.loan#id identity',
      'ods.loan#amt -> dwd.loan#amt aggregation',
      'ods.loan#id ~> dwd.loan group_by',
    ]);
    expect(JSON.stringify(read)).not.toContain('geheim');
  });

  it('keeps what it does not know beside the rest', async () => {
    const text = exported(style, [
      { name: 'a', taskType: 'SHELL', taskParams: { rawScript: 'hive -e "insert into a select * from b"' } },
      { name: 'b', taskType: 'QUANTUM', taskParams: {} },
      { name: 'c', taskType: 'DATAX', taskParams: { json: '{"job": {"content": [' } },
      { name: 'd', taskType: 'SQL', taskParams: '{"type": "HIVE", broken' },
      { name: 'e', taskType: 'SQL', taskParams: SQL, flag: 'NO' },
      { name: 'f', taskType: 'CONDITIONS', taskParams: {} },
      { name: 'f', taskType: 'SQL', taskParams: SQL },
    ]);
    const read = await readDolphinScheduler(text, 'x.json');
    expect(jobsOf(read).map(({ name, status, reasons }) => [name, status, reasons[0]?.code])).toEqual([
      ['a', 'opaque', 'opaque-task'],
      ['b', 'opaque', 'unknown-task-type'],
      ['c', 'failed', 'not-read'],
      ['d', 'failed', 'no-parameters'],
      ['e', 'ok', 'disabled'],
      ['f', 'ok', undefined],
      ['f (2)', 'ok', 'unknown-datasource'],
    ]);
    expect(jobsOf(read)[1]?.reasons[0]?.message).toBe('Nobody knows what a task of the type "QUANTUM" does.');
    expect(linesOf(read)).toHaveLength(4);
  });
});

describe('an export', () => {
  it('says what waits for other workflows, and runs them', async () => {
    const dependence = {
      relation: 'AND',
      dependTaskList: [
        {
          dependItemList: [
            { projectCode: 3, definitionCode: 9, depTaskCode: 0 },
            { definitionCode: 77, depTaskCode: 5 },
          ],
        },
      ],
    };
    const text = exported('process', [
      { name: 'w', taskType: 'DEPENDENT', taskParams: { dependence } },
      { name: 's', taskType: 'SUB_PROCESS', taskParams: { processDefinitionCode: 55 } },
    ]);
    expect(jobsOf(await readDolphinScheduler(text, 'x')).map(({ waitsFor }) => waitsFor)).toEqual([
      [
        { workflow: '9', project: '3', name: '日终批量' },
        { workflow: '77', task: '5' },
      ],
      [{ workflow: '55' }],
    ]);
  });

  it('takes the places of its data sources', async () => {
    const text = exported('workflow', [
      { name: 's', taskType: 'SQL', taskParams: { ...SQL, sql: 'insert into b select x from a' } },
    ]);
    const read = await readDolphinScheduler(text, 'x', { datasources: { 7: 'jdbc:hive2://nn1:10000/ods' } });
    expect(sourcesOf(read)).toEqual(['hive://nn1:10000/ods.a']);
    expect(sourcesOf(await readDolphinScheduler(text, 'x'))).toEqual(['hive://datasource-7/a']);
  });

  it('reads DataX tasks without JSON, scripts and statements around', async () => {
    const text = exported('process', [
      {
        name: 't',
        taskType: 'DATAX',
        taskParams: {
          customConfig: 0,
          dsType: 'MYSQL',
          dataSource: 1,
          dtType: 'POSTGRESQL',
          dataTarget: 2,
          sql: 'select a, b as c from t',
          targetTable: 's.u',
        },
      },
      {
        name: 'h',
        taskType: 'HIVECLI',
        taskParams: { hiveCliTaskExecutionType: 'SCRIPT', hiveSqlScript: 'insert into h1 select k from h2' },
      },
      {
        name: 'p',
        taskType: 'SQL',
        taskParams: { ...SQL, sql: 'select 1', sqlType: '0', preStatements: ['insert into p1 select z from p2'] },
      },
      {
        name: 'st',
        taskType: 'SEATUNNEL',
        taskParams: {
          rawScript:
            'source { Jdbc { url = "jdbc:mysql://h/d", query = "select a from t" } }\nsink { Jdbc { url = "jdbc:mysql://h/e", table = "u" } }',
        },
      },
    ]);
    expect(linesOf(await readDolphinScheduler(text, 'x')).filter((line) => !line.includes('#'))).toEqual([
      't -> s.u',
      'h2 -> h1',
      'p2 -> p1',
      'd.t -> e.u',
    ]);
  });

  it('says where a statement inside a string inside a string is', async () => {
    const text = exported('process', [
      {
        name: 'b',
        taskType: 'SQL',
        taskParams: JSON.stringify({
          ...SQL,
          sql: 'insert into x\n select "a"\tfrom b join c on b.i = c.i where zz = 1',
        }),
      },
    ]);
    const read = await readDolphinScheduler(text, 'x');
    expect(reasonsOf(read, text)).toContain('ambiguous-column zz');
  });

  it('reads exports of 1.3', async () => {
    const definition = {
      tasks: [
        { id: 'tasks-1', name: 'one', type: 'SQL', params: SQL, preTasks: [] },
        { id: 'tasks-2', name: 'two', type: 'SHELL', params: { rawScript: 'x' }, preTasks: ['one'] },
      ],
    };
    const text = JSON.stringify([
      {
        processDefinitionName: '旧流程',
        processDefinitionJson: JSON.stringify(definition),
        scheduleCrontab: '0 0 1 * * ?',
      },
    ]);
    const read = await readDolphinScheduler(text, 'x');
    expect(read.pipelines[0]).toMatchObject({ name: '旧流程', schedule: '0 0 1 * * ?' });
    expect(jobsOf(read).map(({ name, status, after }) => [name, status, after])).toEqual([
      ['one', 'ok', []],
      ['two', 'opaque', ['one']],
    ]);
  });

  it('says what is wrong with the export as a whole', async () => {
    const [workflow] = JSON.parse(
      exported('process', [{ name: 'a', taskType: 'SHELL', taskParams: {} }], { releaseState: 'OFFLINE' }),
    ) as [Record<string, unknown>];
    workflow['processTaskRelationList'] = [{ preTaskCode: 4711, postTaskCode: 100 }];
    const text = JSON.stringify([workflow, { other: 1 }]);
    const read = await readDolphinScheduler(text, 'x');
    expect(reasonsOf(read, text).map((reason) => reason.split(' ')[0])).toEqual([
      'no-workflow',
      'unknown-task',
      'offline',
      'opaque-task',
    ]);
    await expect(readDolphinScheduler('[{"other": 1}]', 'x')).rejects.toThrow('this is no export of DolphinScheduler');
  });
});
