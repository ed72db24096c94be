import { globalId } from '#platform/graphql';

import { goTo, picture, startSite, type TestSite } from '../support/browser.js';
import { knownSource, type KnownSource } from '../support/known-source.js';

const DDL = (name: string) => `
  CREATE TABLE ${name} (id bigint PRIMARY KEY, "余额" numeric(18,2), branch text);
  INSERT INTO ${name} SELECT g, g * 10, 'B' || g % 3 FROM generate_series(1, 30) AS g;
`;

describe('reconciliation', () => {
  let site: TestSite;
  let core: KnownSource;
  let warehouse: KnownSource;

  beforeAll(async () => {
    site = await startSite();
    core = await knownSource(site.api.app, '核心系统', DDL('loan'));
    warehouse = await knownSource(site.api.app, '数据仓库', DDL('dwd_loan'));
    await warehouse.run(`
      UPDATE dwd_loan SET "余额" = 71 WHERE id = 7; DELETE FROM dwd_loan WHERE id IN (8, 9);
      INSERT INTO dwd_loan VALUES (99, 1, 'B9');
    `);
    await site.api.work();
  });
  afterAll(async () => {
    await site.stop();
    await core.drop();
    await warehouse.drop();
  });

  it('is run, its breaks are explained, and two people sign', async () => {
    const page = await site.person('wen', ['steward'], { locale: 'zh-CN' });
    await goTo(page, '数据核对');
    await page.getByText('尚无核对').waitFor();
    await picture(page, 'reconciliations-empty');
    const { addReconciliation } = await site.api.as.steward.get<{ addReconciliation: { userErrors: unknown[] } }>(
      `mutation ($input: ReconciliationInput!) { addReconciliation(input: $input) { userErrors { message } } }`,
      {
        input: {
          name: '贷款余额核对 😀',
          leftDatasetId: globalId('Dataset', await core.dataset('loan')),
          rightDatasetId: globalId('Dataset', await warehouse.dataset('dwd_loan')),
          definition: {
            keys: [{ left: 'id' }],
            columns: [{ left: '余额' }, { left: 'branch' }],
            checks: [
              { kind: 'row_count' },
              { kind: 'sum', column: '余额', absolute: '0.01', relative: 0.001 },
              { kind: 'groups', by: ['branch'], sums: ['余额'] },
              { kind: 'keys' },
            ],
          },
        },
      },
    );
    expect(addReconciliation.userErrors).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: '立即执行核对“贷款余额核对 😀”' }).click();
    await page.getByRole('row').filter({ hasText: '不一致' }).waitFor();
    await picture(page, 'reconciliations');
    await page.getByRole('link', { name: '贷款余额核对 😀' }).click();
    await page.getByText('70 → 71').waitFor();
    await picture(page, 'reconciliation-zh');
    await page.getByRole('button', { name: '说明键 7 的差异' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('四舍五入差异');
    await page.getByRole('dialog').getByRole('button', { name: '说明原因' }).click();
    await page.getByRole('row').filter({ hasText: '四舍五入差异' }).getByText('已说明').waitFor();
    await page.getByLabel('意见').fill('差异已说明');
    await page.getByRole('button', { name: /^签\s*核$/ }).click();
    await page.getByText('待第二人签核').waitFor();

    const other = await site.person('audrey', ['compliance']);
    await goTo(other, 'Reconciliation');
    await other.getByRole('link', { name: '贷款余额核对 😀' }).click();
    await other.getByText('a second person has to sign').waitFor();
    await other.getByLabel('Comment').fill('seen');
    await other.getByRole('button', { name: 'Sign off' }).click();
    await other.getByText('Signed off').waitFor();
    await other.getByRole('button', { name: 'Expand row' }).click();
    await picture(other, 'reconciliation-en');
    expect(site.complaints).toEqual([]);
  });
});
