import { until } from '#platform/testing';

import { picture, startSite, type TestSite } from '../support/browser.js';

describe('GraphiQL', () => {
  let on: TestSite;
  let off: TestSite;
  beforeAll(async () => {
    on = await startSite({ graphiql: true });
    off = await startSite();
  });
  afterAll(async () => {
    await on.stop();
    await off.stop();
  });

  it('asks as the person who is signed in, and loads nothing from elsewhere', async () => {
    const page = await on.person('开发者', ['engineer']);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto('/graphiql');
    await page.getByRole('button', { name: /Execute query/ }).click();
    const result = page.locator('.result-window');
    await until('the answer', async () => (await result.innerText()).includes('开发者'), 60);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('mutation').first().waitFor();
    await picture(page, 'graphiql');
    expect([...new Set(asked)].filter((origin) => origin !== 'null')).toEqual([on.url]);
    expect(on.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('is not there unless the setting says so', async () => {
    const page = await off.person('developer', ['engineer']);
    for (const path of ['/graphiql', '/graphiql.html']) {
      await page.goto(path);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    }
  });
});
