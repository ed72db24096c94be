import { Accounts } from '#identity';
import { systemActor } from '#kernel';

import { PASSWORD, picture, signIn, startSite, type TestSite } from '../support/browser.js';

describe('at the door', () => {
  let site: TestSite;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.stop());

  it('says why a wrong password is refused', async () => {
    const page = await site.visitor();
    await page.goto('/jobs');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.title()).toBe('Sign in · Plumbline');
    await signIn(page, 'nobody', 'wrong password');
    const refusal = page.getByRole('alert').filter({ hasText: /login|password/i });
    await refusal.waitFor();
    const answer = await site.api.as.viewer.get<{ signIn: { userErrors: { message: string }[] } }>(
      'mutation { signIn(login: "nobody", password: "wrong password") { userErrors { message } } }',
    );
    expect(await refusal.innerText()).toContain(answer.signIn.userErrors[0]?.message);
    await picture(page, 'sign-in-refused');
  });

  it('asks for a password of one’s own after a one-time password, then goes where one wanted to', async () => {
    const { password } = await site.api.app
      .get(Accounts)
      .add(systemActor('test'), { login: '王小明', displayName: '王小明 😀', roles: ['steward'] });
    const page = await site.visitor({ locale: 'zh-CN' });
    await page.goto('/jobs');
    await signIn(page, '王小明', password);
    await page.getByRole('heading', { name: '设置密码' }).waitFor();
    await page.getByLabel('一次性密码').fill(password);
    await page.getByLabel('新密码', { exact: true }).fill('short');
    await page.getByLabel('再次输入新密码').fill('shorter');
    await page.getByText('两次输入不一致。').waitFor();
    await page.getByLabel('再次输入新密码').fill('short');
    await page.getByRole('button', { name: '设置密码' }).click();
    await page.getByRole('alert').filter({ hasText: '10' }).waitFor();
    await picture(page, 'change-password');
    await page.getByLabel('新密码', { exact: true }).fill(PASSWORD);
    await page.getByLabel('再次输入新密码').fill(PASSWORD);
    await page.getByRole('button', { name: '设置密码' }).click();
    await page.getByRole('heading', { name: '任务' }).waitFor();
    await page.getByRole('button', { name: '王小明 😀' }).click();
    await page.getByText('数据管家').waitFor();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '登录' }).waitFor();
  });

  it('speaks the browser’s language until another is chosen, and remembers that', async () => {
    const page = await site.person('zhang', ['viewer'], { locale: 'zh-CN' });
    await page.getByRole('navigation', { name: '主导航' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByText('English').click();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await page.reload();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('goes back to the door when the session has ended elsewhere', async () => {
    const page = await site.person('li', ['viewer']);
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Jobs', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('loads nothing from elsewhere and breaks no rule of the page’s policy', async () => {
    const page = await site.visitor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect([...new Set(asked)]).toEqual([site.url]);
    // A 401 is what the page is told when nobody is signed in.
    expect(site.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});
