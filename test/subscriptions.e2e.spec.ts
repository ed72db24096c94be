import { startApi, type TestApi } from './support/api.js';
import { registerSource, sourceDatabase, type SourceDatabase } from './support/source.js';

describe('subscriptions over WebSocket', () => {
  let api: TestApi;
  let database: SourceDatabase;
  let url: string;

  beforeAll(async () => {
    api = await startApi();
    database = await sourceDatabase('CREATE TABLE "客户 😀" (id int)');
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as { port: number };
    url = `127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  /** Opens a socket, subscribes, and gives every message until the subscription has ended or the socket is closed. */
  const messages = async (headers: Record<string, string>, query: string): Promise<Message[]> => {
    const heard: Message[] = [];
    const socket = new WebSocket(`ws://${url}/graphql`, { protocols: ['graphql-transport-ws'], headers });
    const send = (message: object) => socket.send(JSON.stringify(message));
    await new Promise<void>((resolve) => {
      socket.onopen = () => send({ type: 'connection_init' });
      socket.onclose = () => resolve();
      socket.onerror = () => resolve();
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data)) as Message;
        if (message.type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query } });
        if (message.id === '1') heard.push(message);
        if (message.type === 'complete' || message.type === 'error') socket.close();
      };
    });
    return heard;
  };
  const asViewer = () => ({ authorization: `Bearer ${api.as.viewer.token}` });
  const harvest = async (name: string) => {
    const id = await registerSource(api.as.engineer, name, database.settings);
    const { harvestSource } = await api.as.engineer.get<{ harvestSource: { job: { id: string } } }>(
      'mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } userErrors { message } } }',
      { id },
    );
    return `subscription { jobProgress(id: "${harvestSource.job.id}") { state } }`;
  };

  it('tells how a job gets on, until it has ended', async () => {
    const subscription = await harvest('核心 "core" 😀');
    const [heard] = await Promise.all([messages(asViewer(), subscription), api.work()]);
    const states = heard.flatMap(({ payload }) => payload?.data?.jobProgress.state ?? []);
    expect(states[0]).toBe('QUEUED');
    expect(states.at(-1)).toBe('SUCCEEDED');
    expect(heard.at(-1)?.type).toBe('complete');
  });

  it('lets our own pages in, and no page from elsewhere', async () => {
    const subscription = await harvest('second');
    const fromHere = await messages({ ...asViewer(), origin: `http://${url}` }, subscription);
    expect(fromHere[0]?.type).toBe('next');
    expect(await messages({ ...asViewer(), origin: 'http://127.0.0.1:1' }, subscription)).toEqual([]);
  });

  it('tells nothing to who is not signed in', async () => {
    const heard = await messages({}, await harvest('third'));
    expect(JSON.stringify(heard)).toContain('Sign in, or send an API token');
    expect(heard.flatMap(({ payload }) => payload?.data ?? [])).toEqual([]);
  });
});

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: { readonly data?: { readonly jobProgress: { readonly state: string } } | null };
}
