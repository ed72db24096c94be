import { startApi, type TestApi } from './support/api.js';
import request from 'supertest';

describe('signing in', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const post = () => request.agent(api.app.getHttpServer());
  const signIn =
    'mutation ($login: String!, $password: String!) { signIn(login: $login, password: $password) { account { login mustChangePassword } userErrors { code message } } }';

  it('works with a one-time password, which must then be changed', async () => {
    const added = await api.as.administrator.get<{ addAccount: { oneTimePassword: string } }>(
      'mutation { addAccount(login: "王.steward", displayName: "王小明 😀", roles: [STEWARD]) { oneTimePassword userErrors { message } } }',
    );
    const present = added.addAccount.oneTimePassword;
    const browser = post();
    const first = await browser
      .post('/graphql')
      .send({ query: signIn, variables: { login: '王.Steward', password: present } });
    expect(first.body.data.signIn).toEqual({
      account: { login: '王.steward', mustChangePassword: true },
      userErrors: [],
    });
    expect(first.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict/);

    const refused = await browser.post('/graphql').send({ query: '{ jobs { totalCount } }' });
    expect(refused.body.errors[0].extensions.code).toBe('PASSWORD_CHANGE_REQUIRED');

    const change =
      'mutation ($present: String!, $next: String!) { changePassword(present: $present, next: $next) { account { mustChangePassword } userErrors { code path } } }';
    const weak = await browser.post('/graphql').send({ query: change, variables: { present, next: 'short' } });
    expect(weak.body.data.changePassword.userErrors).toEqual([{ code: 'WEAK_PASSWORD', path: ['next'] }]);
    const done = await browser
      .post('/graphql')
      .send({ query: change, variables: { present, next: '足够长的一个新密码2026' } });
    expect(done.body.data.changePassword).toEqual({ account: { mustChangePassword: false }, userErrors: [] });
    const allowed = await browser.post('/graphql').send({ query: '{ jobs { totalCount } me { login } }' });
    expect(allowed.body.data.me.login).toBe('王.steward');

    await browser.post('/graphql').send({ query: 'mutation { signOut { signedOut } }' });
    const after = await browser.post('/graphql').send({ query: '{ me { login } }' });
    expect(after.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('says the same of an unknown login and a wrong password, and stops guessing', async () => {
    const codes = new Set<string>();
    for (let tries = 0; tries < 11; tries++) {
      const { body } = await post()
        .post('/graphql')
        .send({ query: signIn, variables: { login: 'nobody', password: `p${tries}` } });
      codes.add(body.data.signIn.userErrors[0].code);
    }
    expect([...codes]).toEqual(['WRONG_PASSWORD', 'TOO_MANY_ATTEMPTS']);
  });

  it('a token works until it is revoked', async () => {
    const made = await api.as.viewer.get<{ addApiToken: { secret: string; token: { id: string } } }>(
      'mutation { addApiToken(name: "nightly 脚本", days: 1) { secret token { id } userErrors { message } } }',
    );
    const me = () =>
      post()
        .post('/graphql')
        .set('authorization', `Bearer ${made.addApiToken.secret}`)
        .send({ query: '{ me { login } }' });
    expect((await me()).body.data.me.login).toBe('viewer');
    await api.as.viewer.get('mutation ($id: ID!) { revokeApiToken(id: $id) { userErrors { message } } }', {
      id: made.addApiToken.token.id,
    });
    const refused = await me();
    expect(refused.status).toBe(401);
    expect(refused.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('roles are enforced, and the last administrator stays', async () => {
    const refused = await api.as.steward.ask(
      'mutation { addAccount(login: "x2", displayName: "x", roles: [VIEWER]) { userErrors { code } } }',
    );
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const me = await api.as.administrator.get<{ me: { id: string } }>('{ me { id } }');
    const last = await api.as.administrator.get<{ changeAccount: { userErrors: unknown[] } }>(
      'mutation ($id: ID!) { changeAccount(id: $id, roles: [VIEWER]) { userErrors { code } } }',
      { id: me.me.id },
    );
    expect(last.changeAccount.userErrors).toEqual([{ code: 'LAST_ADMINISTRATOR' }]);
  });
});
