import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

const SECRET = '密码 "p" 😀';

describe('sources', () => {
  let api: TestApi;
  let database: SourceDatabase;
  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase('CREATE TABLE public.a (id int)');
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const register =
    'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id name settings } userErrors { code message path } } }';
  interface Registered {
    registerSource: { source: object | null; userErrors: { code: string; path: string[] }[] };
  }
  const settings = { host: 'dwh', database: 'risk', user: 'reader' };

  it('say what can be connected, with the schema of the form', async () => {
    const { connectors } = await api.as.steward.get<{ connectors: { kind: string; settingsSchema: object }[] }>(
      '{ connectors { kind titleEn titleZh descriptionZh secretSettings settingsSchema } }',
    );
    const postgres = connectors.find(({ kind }) => kind === 'postgres');
    expect(postgres).toMatchObject({
      titleEn: 'PostgreSQL',
      secretSettings: ['password'],
      settingsSchema: {
        type: 'object',
        properties: { host: { type: 'string', 'x-title-zh': '主机' }, password: { secret: true } },
      },
    });
  });

  it('never give a secret back, and keep it when it is not given again', async () => {
    const { password, ...open } = database.settings;
    const id = await registerSource(api.as.engineer, '贷款 "A" 😀', { ...open, password });
    const ask = 'query ($id: ID!) { source(id: $id) { name namespace settings } node(id: $id) { id } }';
    const shown = await api.as.administrator.ask<{ source: object }>(ask, { id });
    expect(shown.data.source).toMatchObject({
      name: '贷款 "A" 😀',
      settings: { host: open.host, database: database.name },
    });
    expect(JSON.stringify(shown)).not.toContain('password');
    const { changeSource } = await api.as.engineer.get<{ changeSource: object }>(
      'mutation ($id: ID!, $input: ChangeSourceInput!) { changeSource(id: $id, input: $input) { source { name owner } userErrors { message } } }',
      { id, input: { name: '贷款 B', settings: open, owner: '风险部' } },
    );
    expect(changeSource).toEqual({ source: { name: '贷款 B', owner: '风险部' }, userErrors: [] });
    const { testSource } = await api.as.engineer.get<{ testSource: object }>(
      'mutation ($id: ID!) { testSource(id: $id) { test { ok server scopes datasets problems } userErrors { message } } }',
      { id },
    );
    expect(testSource).toMatchObject({ test: { ok: true, server: expect.stringMatching(/^PostgreSQL/), datasets: 1 } });
    const moved = { ...open, host: 'localhost' };
    const carried = [{ code: 'INVALID_INPUT', path: ['settings', 'password'] }];
    const move = await api.as.engineer.get<{ changeSource: object; testSourceSettings: object }>(
      `mutation ($id: ID!, $input: ChangeSourceInput!, $settings: JSONObject!) {
         changeSource(id: $id, input: $input) { userErrors { code path } }
         testSourceSettings(kind: "postgres", settings: $settings, sourceId: $id) { userErrors { code path } }
       }`,
      { id, input: { name: '贷款 B', settings: moved }, settings: moved },
    );
    expect(move).toEqual({ changeSource: { userErrors: carried }, testSourceSettings: { userErrors: carried } });
    const audit = await api.as.compliance.get('{ auditEntries(subjectKind: "source") { nodes { action details } } }');
    expect(JSON.stringify(audit)).toContain('source.changed');
    expect(JSON.stringify(audit)).not.toContain(String(password));
  });

  it('can be tried out before they are kept', async () => {
    const trial =
      'mutation ($settings: JSONObject!) { testSourceSettings(kind: "postgres", settings: $settings) { test { ok problems } userErrors { code path } } }';
    const wrong = await api.as.engineer.get<{ testSourceSettings: { test: { ok: boolean; problems: string[] } } }>(
      trial,
      {
        settings: { ...database.settings, password: SECRET },
      },
    );
    expect(wrong.testSourceSettings.test).toEqual({ ok: false, problems: [expect.stringMatching(/refuses the user/)] });
    expect(JSON.stringify(wrong)).not.toContain(SECRET);
    const faulty = await api.as.engineer.get<{ testSourceSettings: object }>(trial, { settings: { host: 'h' } });
    expect(faulty.testSourceSettings).toMatchObject({
      test: null,
      userErrors: expect.arrayContaining([expect.objectContaining({ code: 'INVALID_INPUT' })]),
    });
  });

  it.each<[string, object, { code: string; path?: unknown }]>([
    ['an unknown kind', { kind: 'abacus', name: 'x', settings }, { code: 'INVALID_INPUT' }],
    ['no name', { kind: 'postgres', name: '  ', settings }, { code: 'INVALID_INPUT', path: ['name'] }],
    [
      'a wrong setting',
      { kind: 'postgres', name: 'x', settings: { ...settings, port: 'a' } },
      { code: 'INVALID_INPUT', path: ['settings', 'port'] },
    ],
    [
      'a setting there is not',
      { kind: 'postgres', name: 'x', settings: { ...settings, hots: 'a' } },
      { code: 'INVALID_INPUT' },
    ],
  ])('are refused with %s', async (_, input, error) => {
    const { registerSource: done } = await api.as.engineer.get<Registered>(register, { input });
    expect(done).toMatchObject({ source: null, userErrors: [error] });
  });

  it('have one name each, which is free again after removal', async () => {
    const id = await registerSource(api.as.engineer, 'Kern', settings);
    const taken = await api.as.engineer.get<Registered>(register, {
      input: { kind: 'postgres', name: 'kern', settings },
    });
    expect(taken.registerSource.userErrors).toMatchObject([{ code: 'SOURCE_NAME_TAKEN', path: ['name'] }]);
    const remove = 'mutation ($id: ID!) { removeSource(id: $id) { source { removedAt } userErrors { code } } }';
    const { removeSource } = await api.as.engineer.get<{ removeSource: object }>(remove, { id });
    expect(removeSource).toMatchObject({ source: { removedAt: expect.any(String) }, userErrors: [] });
    const again = await api.as.engineer.get<{ removeSource: object }>(remove, { id });
    expect(again.removeSource).toMatchObject({ source: null, userErrors: [{ code: 'NOT_FOUND' }] });
    expect((await api.as.viewer.get('query ($id: ID!) { node(id: $id) { id } }', { id })).node).toBeNull();
    await registerSource(api.as.engineer, 'KERN', settings);
  });

  it('are listed for everybody, their settings only for those who work with them', async () => {
    const list = '{ sources(first: 1) { totalCount nodes { name settings } pageInfo { hasNextPage endCursor } } }';
    type List = { sources: { nodes: { settings: unknown }[]; pageInfo: { hasNextPage: boolean } } };
    expect((await api.as.viewer.get<List>(list)).sources.nodes[0]?.settings).toBeNull();
    const { sources } = await api.as.steward.get<List>(list);
    expect(sources.nodes[0]?.settings).toMatchObject({ tls: expect.any(String) });
    expect(sources.pageInfo.hasNextPage).toBe(true);
  });

  it('are changed by engineers alone', async () => {
    for (const person of [api.as.viewer, api.as.steward, api.as.compliance]) {
      const refused = await person.ask(register, { input: { kind: 'postgres', name: 'no', settings } });
      expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
    expect((await api.as.viewer.ask('{ connectors { kind } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
