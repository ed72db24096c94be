import { until } from '#platform/testing';

import { registerSource, sourceDatabase, type SourceDatabase } from '../support/source.js';
import { goTo, picture, startSite, type TestSite } from '../support/browser.js';

const TABLE = '客户 "表" 😀';

const DDL = `
  CREATE SCHEMA ods;
  CREATE TABLE ods."客户 ""表"" 😀" (
    id bigint PRIMARY KEY, "姓名" text NOT NULL, state text DEFAULT 'open', balance numeric(18, 2)
  );
  COMMENT ON TABLE ods."客户 ""表"" 😀" IS '核心客户信息';
  COMMENT ON COLUMN ods."客户 ""表"" 😀"."姓名" IS '客户中文全称';
  COMMENT ON COLUMN ods."客户 ""表"" 😀".balance IS '账户余额';
  INSERT INTO ods."客户 ""表"" 😀" VALUES (1, '王小明', 'open', 1), (2, '李雷', 'opne', 2), (3, 'O''Brien', 'closed', 3);
  CREATE VIEW ods.open_customer AS
    SELECT id AS customer_id, "姓名" || '先生' AS greeting FROM ods."客户 ""表"" 😀" WHERE state = 'open';
`;

describe('from a source to what people know of it', () => {
  let site: TestSite;
  let database: SourceDatabase;
  let sourceId: string;

  const harvest = async (of: string) => {
    const { harvestSource } = await site.api.as.engineer.get<{ harvestSource: { run: { id: string } } }>(
      'mutation ($of: ID!) { harvestSource(sourceId: $of) { run { id } userErrors { message } } }',
      { of },
    );
    await until('the harvest', async () => {
      const { harvestRun } = await site.api.as.viewer.get<{ harvestRun: { state: string } }>(
        'query ($id: ID!) { harvestRun(id: $id) { state } }',
        harvestSource.run,
      );
      return harvestRun.state === 'SUCCEEDED';
    });
  };
  const datasetNamed = async (name: string) => {
    const { datasets } = await site.api.as.viewer.get<{
      datasets: { nodes: { id: string; name: string; fields: { id: string; name: string }[] }[] };
    }>('query ($of: ID!) { datasets(sourceId: $of) { nodes { id name fields { id name } } } }', { of: sourceId });
    const found = datasets.nodes.find((one) => one.name === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const path = (id: string, tab = 'columns') => `/datasets/${encodeURIComponent(id)}?tab=${tab}`;

  beforeAll(async () => {
    site = await startSite();
    database = await sourceDatabase(DDL);
    await site.api.work();
    sourceId = await registerSource(site.api.as.engineer, '核心系统 "core" 😀', database.settings);
    await harvest(sourceId);
  });
  afterAll(async () => {
    await site.stop();
    await database.drop();
  });

  it('an engineer tests, registers and harvests a source by its form', async () => {
    const page = await site.person('zhao', ['engineer']);
    await goTo(page, 'Sources');
    await page.getByRole('link', { name: 'Register a source' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('数据仓库 "dwh" 😀');
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Port').fill('1');
    await page.getByLabel('Database', { exact: true }).fill(database.name);
    await page.getByLabel('User', { exact: true }).fill(String(database.settings.user));
    expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('The source cannot be read').waitFor();
    await picture(page, 'source-form-failed');
    await page.getByLabel('Port').fill(String(database.settings.port));
    await page.getByLabel('Password').fill(String(database.settings.password ?? 'not asked for'));
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('The source can be read').waitFor();
    await picture(page, 'source-form');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('heading', { name: '数据仓库 "dwh" 😀' }).waitFor();
    await page.getByRole('button', { name: 'Harvest “数据仓库 "dwh" 😀”' }).click();
    await page.getByText('2 new · 0 changed').waitFor();
    await page.getByRole('link', { name: 'open_customer' }).waitFor();
    await picture(page, 'source');
    await page.goto('/sources');
    await page.getByText('2 new · 0 changed').first().waitFor();
    await picture(page, 'sources');
  });

  it('an engineer schedules a source, sees it paused and retires it', async () => {
    const page = await site.person('wei', ['engineer']);
    await registerSource(site.api.as.engineer, '旧系统 "old"', database.settings);
    await page.goto('/sources');
    await page.getByRole('link', { name: '旧系统 "old"' }).click();
    await page.getByText('Not on a schedule.').waitFor();
    await page.getByRole('button', { name: 'Schedule …' }).click();
    await page.getByLabel('Schedule', { exact: true }).fill('every night');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(/it must have five fields/)
      .first()
      .waitFor();
    await page.getByLabel('Schedule', { exact: true }).fill('15 3 * * 1-5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/15 3 \* \* 1-5/).waitFor();
    await page.getByText(/next/).waitFor();
    await picture(page, 'source-scheduled');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('This source is paused').waitFor();
    await page.goto('/sources');
    await page
      .getByRole('row', { name: /旧系统/ })
      .getByText('paused')
      .waitFor();
    await page.getByRole('link', { name: '旧系统 "old"' }).click();
    await page.getByRole('button', { name: 'Retire' }).click();
    await page.getByText('What is known of it stays as history.').waitFor();
    await picture(page, 'source-retire');
    await page.getByRole('button', { name: 'Retire it' }).click();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    await page.getByRole('link', { name: '旧系统 "old"' }).waitFor({ state: 'detached' });
  });

  it('says where in the form a fault is, and keeps what was typed', async () => {
    const page = await site.person('qian', ['engineer']);
    await page.goto('/sources/new');
    await page.getByLabel('Name', { exact: true }).fill('核心系统 "core" 😀');
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Database', { exact: true }).fill('x');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('Please fill this in.').waitFor();
    await page.getByLabel('User', { exact: true }).fill('x');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('alert').filter({ hasText: 'There is a source' }).first().waitFor();
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Host').inputValue()).toBe('127.0.0.1');
  });

  it('a viewer sees sources and may neither register nor harvest', async () => {
    const page = await site.person('sun', ['viewer'], { locale: 'zh-CN' });
    await goTo(page, '数据源');
    await page.getByRole('link', { name: '核心系统 "core" 😀' }).waitFor();
    expect(await page.getByRole('button', { name: /采集/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: '登记数据源' }).count()).toBe(0);
  });

  it('a column is found by its comment, and leads to its place in the table', async () => {
    const page = await site.person('li', ['viewer'], { locale: 'zh-CN' });
    await page.getByRole('searchbox', { name: /搜索/ }).fill('中文全称');
    await page.keyboard.press('Enter');
    const hit = page.getByRole('listitem').filter({ hasText: '客户中文全称' }).first();
    await hit.waitFor();
    expect(await hit.locator('mark').innerText()).toBe('中文全称');
    expect(await page.title()).toBe('搜索：中文全称 · Plumbline');
    await picture(page, 'search');
    await hit.getByRole('link', { name: '姓名' }).click();
    await page.getByRole('heading', { name: TABLE }).waitFor();
    await page.getByRole('row', { name: /姓名/, includeHidden: false }).first().waitFor();
    expect(await page.locator('tr[aria-current=true]').innerText()).toContain('姓名');
    await page.goto(`/search?text=${encodeURIComponent('没有这样的东西xyz')}`);
    await page.getByText('没有找到匹配的名称或描述').waitFor();
  });

  it('a steward describes a column where it stands; the source’s words stay beside it', async () => {
    const { id } = await datasetNamed(TABLE);
    const page = await site.person('wang', ['steward'], { locale: 'zh-CN' });
    await page.goto(path(id));
    await page.getByRole('button', { name: '编辑“balance”的描述' }).click();
    await page.getByRole('textbox', { name: '业务名称' }).fill('期末余额 "元"');
    await page.getByLabel('业务定义').fill('日终批处理后的账面余额。');
    await page.getByLabel('负责人').fill('财务部');
    await page.getByLabel('标签').fill('监管');
    await page.keyboard.press('Enter');
    await page.getByLabel('安全级别').click();
    await page.getByTitle('L3 · 保密').click();
    await page.getByRole('button', { name: /^保\s*存$/ }).click();
    const row = page.locator('tr.ant-table-row').filter({ hasText: 'balance' });
    await row.getByText('期末余额 "元"').waitFor();
    const text = await row.innerText();
    for (const part of ['账户余额', '日终批处理后的账面余额。', 'wang，人工填写', '财务部', 'L3 · 保密', '监管'])
      expect(text).toContain(part);
    await picture(page, 'dataset');
    await page.getByRole('button', { name: `编辑“${TABLE}”的描述` }).click();
    await page.getByRole('textbox', { name: '业务名称' }).fill('客户主表');
    await page.getByRole('button', { name: /^保\s*存$/ }).click();
    await page.getByText('客户主表', { exact: true }).waitFor();
    await until('the title', async () => (await page.title()).startsWith('客户主表'));
  });

  it('refuses to write over what another steward has said meanwhile', async () => {
    const { id } = await datasetNamed('open_customer');
    const page = await site.person('zhou', ['steward']);
    await page.goto(path(id));
    await page.getByRole('button', { name: 'Describe “open_customer”' }).click();
    await page.getByLabel('Owner').fill('me');
    await site.api.as.steward.get(
      'mutation ($id: ID!) { describeAsset(id: $id, owner: "them") { userErrors { message } } }',
      { id },
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /revision|meanwhile|changed/i })
      .waitFor();
    expect(await page.getByLabel('Owner').inputValue()).toBe('me');
  });

  it('draws lineage, by table and by column, and tells it as a list', async () => {
    const { id, fields } = await datasetNamed('open_customer');
    const greeting = fields.find(({ name }) => name === 'greeting')?.id ?? '';
    const known = () =>
      site.api.as.viewer
        .get<{ lineage: { edges: unknown[] } }>('query ($of: ID!) { lineage(of: $of) { edges { id } } }', { of: id })
        .then(({ lineage }) => lineage.edges.length > 0);
    await until('the view to be read', known);
    const page = await site.person('wu', ['viewer']);
    await page.goto(path(id, 'lineage'));
    const drawing = page.getByRole('group', { name: /Lineage picture of 2 tables/ });
    await drawing.getByRole('link', { name: TABLE }).waitFor();
    await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
    await picture(page, 'lineage-tables');
    await page.goto(`${path(id, 'lineage')}&column=${encodeURIComponent(greeting)}`);
    await drawing.getByText('姓名').waitFor();
    expect(await drawing.getByText('balance').count()).toBe(0);
    await page.getByText('Also what only decides').click();
    await drawing.getByText('state').waitFor();
    await picture(page, 'lineage-columns');
    await page.getByText('List', { exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: '姓名' });
    await row.getByText('computed').waitFor();
    await picture(page, 'lineage-list');
    await page.getByLabel('As of', { exact: true }).fill('2001-01-01T00:00');
    await page.getByText('No lineage is known here').waitFor();
    await picture(page, 'lineage-none-then');
    expect(site.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('tells what depends on a column, and what of its lineage changed between two moments, in Chinese', async () => {
    const table = await datasetNamed(TABLE);
    const state = table.fields.find(({ name }) => name === 'state')?.id ?? '';
    const page = await site.person('zheng', ['viewer'], { locale: 'zh-CN', viewport: { width: 1280, height: 800 } });
    await page.goto(`${path(table.id, 'lineage')}&column=${encodeURIComponent(state)}`);
    await page.getByText('影响', { exact: true }).click();
    await page.getByText('目录中没有依赖它的对象。').waitFor();
    await page.getByText('包含间接影响').click();
    await page.getByText('影响全部行').waitFor();
    await page.getByText('按负责人').click();
    await page.getByRole('button', { name: /1 张表，2 个字段/ }).waitFor();
    await picture(page, 'lineage-impact');
    await page.getByText('对比', { exact: true }).click();
    await page.getByText('请选择第一个时点').waitFor();
    await page.getByText('下游（去向）').click();
    await page.getByLabel('从', { exact: true }).fill('2001-01-01T00:00');
    await page.getByText('新增：1').waitFor();
    await page.getByText('消失：0').waitFor();
    await page.getByRole('row').filter({ hasText: 'open_customer' }).getByText('过滤').waitFor();
    await picture(page, 'lineage-compare');
    expect(site.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('draws a job of which only inputs and outputs are known, and says what is missing', async () => {
    const [{ id }, view] = [await datasetNamed(TABLE), await datasetNamed('open_customer')];
    const balance = view.fields[0]?.id ?? '';
    const { host, port } = database.settings as { host: string; port: number };
    const namespace = `postgres://${host}:${port}`;
    const sent = await fetch(`${site.url}/api/v1/lineage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${site.api.as.engineer.token}` },
      body: JSON.stringify({
        ...{ eventType: 'COMPLETE', eventTime: '2026-01-05T01:00:00Z', producer: 'https://etl.bank.example/v1' },
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
        run: { runId: '0193a1f0-0000-7000-8000-000000000001' },
        job: {
          ...{ namespace: '调度', name: '跑批' },
          facets: {
            lineage: {
              ...{ _producer: 'https://etl.bank.example/v1', _schemaURL: 'https://etl.bank.example/lineage.json' },
              entries: [
                { type: 'JOB', inputs: [{ type: 'DATASET', namespace, name: `${database.name}.ods.${TABLE}` }] },
                { type: 'DATASET', namespace, name: `${database.name}.ods.open_customer`, inputs: [{ type: 'JOB' }] },
              ],
            },
          },
        },
      }),
    });
    expect(sent.status).toBe(201);
    const { importSql } = await site.api.as.engineer.get<{ importSql: { job: { id: string } } }>(
      `mutation ($of: ID!) { importSql(sourceId: $of, dialect: POSTGRES, scripts: [{ name: "月末.sql", text: "CALL x()" }]) {
         job { id } userErrors { message } } }`,
      { of: sourceId },
    );
    await until('the script to be read', async () => {
      const { job } = await site.api.as.viewer.get<{ job: { state: string } }>(
        'query ($id: ID!) { job(id: $id) { state } }',
        importSql.job,
      );
      return job.state === 'PARTIAL';
    });
    const page = await site.person('yang', ['viewer'], { viewport: { width: 1280, height: 1000 } });
    await page.goto(path(id, 'lineage'));
    await page.getByText('job: only inputs and outputs known').waitFor();
    await page.getByText('One statement of these sources was not wholly understood').waitFor();
    await page.getByText(/plumbline lineage not-understood/).waitFor();
    await picture(page, 'lineage-job');
    await page.goto(`${path(view.id, 'lineage')}&column=${encodeURIComponent(balance)}`);
    await page.getByText(/known only between tables, not by column/).waitFor();
    await picture(page, 'lineage-gaps');
  });

  it('runs a rule, and shows what it found and the SQL that was sent', async () => {
    const { id, fields } = await datasetNamed(TABLE);
    await site.api.as.steward.get(
      'mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } userErrors { message } } }',
      {
        input: {
          datasetId: id,
          fieldIds: [fields.find(({ name }) => name === 'state')?.id],
          kind: 'in_set',
          nameEn: 'State is known 😀',
          nameZh: '状态有效 😀',
          severity: 'S1',
          params: { values: ['open', 'closed'] },
        },
      },
    );
    const page = await site.person('xu', ['steward'], { locale: 'zh-CN' });
    await page.goto(path(id, 'quality'));
    await page.getByText('未运行', { exact: true }).waitFor();
    await page.getByRole('button', { name: '立即运行“状态有效 😀”' }).click();
    await page.getByText('不通过', { exact: true }).first().waitFor();
    await page.getByText('有未解决问题').waitFor();
    await page.getByRole('button', { name: '“状态有效 😀”的详情' }).click();
    await page
      .getByText(/SELECT/)
      .first()
      .waitFor();
    await picture(page, 'quality');
    await goTo(page, '质量问题');
    await picture(page, 'incidents');
    await page.getByRole('link', { name: /状态有效 😀/ }).click();
    await page.getByRole('button', { name: '我已知晓' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /确\s?定/ })
      .click();
    await page.getByText('已知晓', { exact: true }).first().waitFor();
    await picture(page, 'incident');
  });

  it('makes a quality report, and hands its files out', async () => {
    const page = await site.person('feng', ['compliance']);
    await page.goto('/reports');
    await page.getByText('No report was made yet').waitFor();
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.getByLabel('Source').click();
    await page.getByTitle('核心系统 "core" 😀').click();
    await page.getByRole('checkbox', { name: 'HTML' }).check();
    await page.getByRole('checkbox', { name: 'CSV' }).check();
    await picture(page, 'report-form');
    await page.getByRole('button', { name: 'Make it' }).click();
    const row = page.getByRole('row').filter({ hasText: '核心系统 "core" 😀' });
    await row.getByText('Done', { exact: true }).waitFor();
    await picture(page, 'reports');
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      row.getByRole('link', { name: /Open HTML/ }).click(),
    ]);
    await opened.getByText('核心系统 "core" 😀').first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('link', { name: /Open CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/核心系统.*\.csv$/);
  });

  it('shows how the schema of a table changed', async () => {
    await database.run('CREATE TABLE ods.changing (id int, old_one text, amount int)');
    await harvest(sourceId);
    await database.run('ALTER TABLE ods.changing ADD "新列" date, DROP old_one, ALTER amount TYPE numeric(12, 2)');
    await harvest(sourceId);
    const { id } = await datasetNamed('changing');
    const page = await site.person('chen', ['viewer']);
    await page.goto(path(id, 'history'));
    const items = page.getByRole('listitem');
    await items.filter({ hasText: 'New column' }).filter({ hasText: '新列' }).waitFor();
    await items.filter({ hasText: 'Column gone' }).filter({ hasText: 'old_one' }).waitFor();
    await items.filter({ hasText: 'integer → numeric(12,2)' }).waitFor();
    await picture(page, 'history');
  });
});
