import { getIntrospectionQuery } from 'graphql';

import { startApi, type TestApi } from './support/api.js';

const tooDeep = (levels: number) =>
  `{ __type(name: "Job") ${'{ ofType '.repeat(levels)}{ name }${' }'.repeat(levels)} }`;

describe('limits of the API', () => {
  let api: TestApi;
  let open: TestApi;
  beforeAll(async () => {
    api = await startApi();
    open = await startApi({ graphiql: true });
  });
  afterAll(async () => {
    await api.stop();
    await open.stop();
  });

  it('says of a query that is too deep that it is', async () => {
    expect((await api.as.viewer.ask('{ jobs { nodes { id } } }')).errors).toBeUndefined();
    const { status, errors } = await api.as.viewer.ask(tooDeep(12));
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_DEEP');
  });

  it('tools can read the schema where GraphiQL is served', async () => {
    const { errors } = await open.as.viewer.ask(getIntrospectionQuery());
    expect(errors).toBeUndefined();
  });
});
