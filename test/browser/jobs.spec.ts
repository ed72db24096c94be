import { goTo, picture, startSite, type TestSite } from '../support/browser.js';
import { registerSource, sourceDatabase, type SourceDatabase } from '../support/source.js';

describe('jobs, live', () => {
  let site: TestSite;
  let database: SourceDatabase;

  beforeAll(async () => {
    site = await startSite();
    database = await sourceDatabase('CREATE TABLE t (id int)');
  });
  afterAll(async () => {
    await site.stop();
    await database.drop();
  });

  it('shows a newcomer what to do first', async () => {
    const page = await site.person('new', ['engineer'], { locale: 'zh-CN' });
    await page.getByText('从这里开始').waitFor();
    await picture(page, 'home-empty');
    await goTo(page, '任务');
    await page.getByText('还没有任何任务').waitFor();
    await picture(page, 'jobs-empty');
  });

  it('follows a job by its news, and stops it', async () => {
    const settings = { ...database.settings, lockTimeoutMs: 600_000 };
    const sourceId = await registerSource(site.api.as.engineer, '慢 😀', settings);
    await site.api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { userErrors { message } } }', {
      id: sourceId,
    });
    const page = await site.person('feng', ['engineer']);
    const news: string[] = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => news.push(String(payload))));
    await goTo(page, 'Jobs');
    const row = page.getByRole('row').filter({ hasText: 'harvest-source' });
    await row.getByText('Waiting', { exact: true }).waitFor();
    const release = await database.block();
    try {
      await site.api.work();
      await row.getByText('Running', { exact: true }).waitFor();
      expect(news.filter((text) => text.includes('"RUNNING"'))).not.toEqual([]);
      await picture(page, 'jobs');
      await row.getByRole('button', { name: /^Cancel/ }).click();
      await page.getByRole('button', { name: 'Stop it' }).click();
      await row.getByText('Cancelled', { exact: true }).waitFor();
    } finally {
      await release();
    }
  });

  it('shows the sentence of a job that failed, and its code', async () => {
    const id = await registerSource(site.api.as.engineer, '不在 😀', { ...database.settings, port: 1 });
    await site.api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { userErrors { message } } }', {
      id,
    });
    const { jobs } = await failed(site, id);
    const page = await site.person('chu', ['viewer']);
    await page.goto('/jobs');
    const row = page.getByRole('row').filter({ hasText: jobs.nodes[0]?.errorMessage });
    await row.first().waitFor();
    expect(await page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
    await row
      .first()
      .getByRole('button', { name: /Details/ })
      .click();
    await page.getByText(jobs.nodes[0]?.errorCode ?? '').waitFor();
    await picture(page, 'jobs-failed');
  });

  it('asks again and again when no socket can be had', async () => {
    const page = await site.person('wei', ['engineer']);
    await page.routeWebSocket('**/graphql', (socket) => socket.close());
    await page.reload();
    await goTo(page, 'Jobs');
    const sourceId = await registerSource(site.api.as.engineer, '轮询', database.settings);
    const before = await page.getByRole('row').filter({ hasText: 'Done' }).count();
    await site.api.as.engineer.get('mutation ($id: ID!) { harvestSource(sourceId: $id) { userErrors { message } } }', {
      id: sourceId,
    });
    await page.getByRole('row').filter({ hasText: 'Done' }).nth(before).waitFor();
  });
});

interface FailedJobs {
  jobs: { nodes: { errorMessage: string; errorCode: string }[] };
}

async function failed(site: TestSite, subjectId: string): Promise<FailedJobs> {
  for (;;) {
    const answer = await site.api.as.viewer.get<FailedJobs>(
      'query ($subjectId: ID!) { jobs(subjectId: $subjectId, states: [FAILED]) { nodes { errorMessage errorCode } } }',
      { subjectId },
    );
    if (answer.jobs.nodes.length > 0) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
