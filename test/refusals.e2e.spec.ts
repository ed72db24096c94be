import { globalId } from '#platform/graphql';
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import request from 'supertest';

import { type Answer, startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const NOBODY = '0190a0b0-0000-7000-8000-000000000000';
const ODD = '名 "x\' ` $1 %s \\ 😀';

describe('whatever is asked, the API answers with a sentence and never breaks', () => {
  let api: TestApi;
  let bank: KnownSource;
  let schema: GraphQLSchema;
  /** Real things, by the name of the argument that wants them. */
  let real: Record<string, unknown>;
  let runId: string;

  beforeAll(async () => {
    api = await startApi();
    schema = api.app.get(GraphQLSchemaHost).schema;
    bank = await knownSource(api.app, '源 "x" 😀', 'CREATE TABLE t (a int); CREATE TABLE "表 😀" (b text);');
    const { addMasterEntity } = await api.as.administrator.get<{ addMasterEntity: { masterEntity: { id: string } } }>(
      `mutation { addMasterEntity(code: "customer", nameEn: "Customer", attributes: [
         { code: "id", nameEn: "Id", typeFamily: TEXT, isMatchKey: true, identifierFormat: RESIDENT_ID }]) { masterEntity { id } } }`,
    );
    const { addRule } = await api.as.administrator.get<{ addRule: { rule: { id: string } } }>(
      'mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } } }',
      {
        input: {
          datasetId: globalId('Dataset', await bank.dataset('t')),
          fieldIds: [globalId('Field', await bank.field('t', 'a'))],
          kind: 'not_null',
          nameEn: ODD,
        },
      },
    );
    const { runRules } = await api.as.administrator.get<{ runRules: { run: { id: string } } }>(
      'mutation ($ids: [ID!]) { runRules(ruleIds: $ids) { run { id } } }',
      { ids: [addRule.rule.id] },
    );
    runId = runRules.run.id;
    const { addRuleSet } = await api.as.administrator.get<{ addRuleSet: { ruleSet: { id: string } } }>(
      'mutation ($ids: [ID!]!) { addRuleSet(name: "nightly", ruleIds: $ids) { ruleSet { id } } }',
      { ids: [addRule.rule.id] },
    );
    real = {
      sourceId: globalId('Source', bank.id),
      entityId: addMasterEntity.masterEntity.id,
      ruleId: addRule.rule.id,
      ruleSetId: addRuleSet.ruleSet.id,
      of: globalId('Dataset', await bank.dataset('t')),
      text: 'x',
    };
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
  });

  const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);
  const ask = (query: string, variables: Record<string, unknown> = {}) => api.as.administrator.ask(query, variables);
  const operations = (root: 'Query' | 'Mutation') =>
    Object.values((schema.getType(root) as GraphQLObjectType).getFields());

  /** Asks for one field with some arguments, given as variables. */
  const askField = (
    root: 'query' | 'mutation',
    field: GraphQLField<unknown, unknown>,
    args: Record<string, unknown>,
  ) => {
    const given = field.args.filter(({ name }) => name in args);
    const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
    const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
    const call = `${field.name}${passed && `(${passed})`}${isLeafType(getNamedType(field.type)) ? '' : ` { ${selection(field)} }`}`;
    return ask(`${root}${declared && ` (${declared})`} { ${call} }`, args);
  };
  const selection = (field: GraphQLField<unknown, unknown>): string => {
    const type = getNamedType(field.type);
    return isObjectType(type) && 'userErrors' in type.getFields()
      ? '__typename userErrors { code message }'
      : '__typename';
  };
  const requiredOf = (field: GraphQLField<unknown, unknown>) =>
    field.args.filter((arg) => isRequiredArgument(arg) || arg.name in real);

  describe('an operation', () => {
    it.each([
      ['that is no GraphQL', '{ me {', 'INVALID_QUERY'],
      ['that is empty', '', 'INVALID_QUERY'],
      ['with a field that is not there', '{ nothing }', 'INVALID_QUERY'],
      ['without an argument that is needed', '{ source { id } }', 'INVALID_QUERY'],
      ['with an argument of another type', '{ jobs(first: "many") { totalCount } }', 'INVALID_QUERY'],
      [
        'that is too deep',
        `{ rules { nodes { ${'lastResult { rule { '.repeat(8)} id ${'} } '.repeat(8)} } } }`,
        'QUERY_TOO_DEEP',
      ],
      [
        'that costs too much',
        '{ sources(first: 500) { nodes { lastHarvest { scopes { name } } } } rules(first: 500) { nodes { id kind nameZh nameEn description severity dimension dataset { id name fields { id name comment entry { businessName } } source { id name lastHarvest { id state added changed vanished unchanged scopes { name datasets complete reasons } } } } fields { id name } lastResult { status rows checked violations sentenceEn } } } }',
        'QUERY_TOO_COSTLY',
      ],
      ['for too large a page', '{ jobs(first: 501) { totalCount } }', 'INVALID_INPUT'],
      ['for no page', '{ jobs(first: 0) { totalCount } }', 'INVALID_INPUT'],
    ])('%s is refused', async (_, query, code) => {
      const answer = await ask(query);
      expect(answer.errors?.map(({ message, extensions }) => [extensions.code, message])).toEqual([
        [code, expect.any(String)],
      ]);
      expect(answer.errors?.[0]?.message).toMatch(
        /\w.*\.$|Syntax Error|Cannot query|argument|Int cannot|depth|Unknown query/,
      );
    });

    it('too large a body is refused before it is read', async () => {
      const { status, body } = await request(api.app.getHttpServer() as never)
        .post('/graphql')
        .set('authorization', `Bearer ${api.as.administrator.token}`)
        .send({ query: `{ me { id } } # ${'x'.repeat(1_100_000)}` });
      expect({ status, body: body as unknown }).toMatchObject({
        status: 413,
        body: { errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] },
      });
    });

    it.each(['{"query": ', '[]', '{}', 'null', '"x"', '{"query": 7}', '{"query": "{\\"kind\\": \\"Document\\"}"}'])(
      'a body of %s is refused',
      async (text) => {
        const { status, body } = await request(api.app.getHttpServer() as never)
          .post('/graphql')
          .set({ authorization: `Bearer ${api.as.administrator.token}`, 'content-type': 'application/json' })
          .send(text);
        expect(status).toBe(400);
        const { errors } = body as { errors: { message: string; extensions: { code: string } }[] };
        expect(errors[0]?.extensions.code).toMatch(/^(BAD_REQUEST|INVALID_QUERY)$/);
      },
    );
  });

  it('an id of nothing, or of another thing, is NOT_FOUND or INVALID_INPUT wherever an id is taken', async () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) =>
        isObjectType(type) && type.getInterfaces().some((each) => isInterfaceType(each) && each.name === 'Node'),
    );
    const ids = ['xxx', '', ODD, globalId('Nothing', NOBODY), ...types.map(({ name }) => globalId(name, NOBODY))];
    const broken: string[] = [];
    let asked = 0;
    for (const field of operations('Query'))
      for (const arg of field.args.filter(({ type }) => getNamedType(type).name === 'ID')) {
        const others = Object.fromEntries(requiredOf(field).map(({ name, type }) => [name, real[name] ?? some(type)]));
        for (const id of ids) {
          const answer = await askField('query', field, {
            ...others,
            [arg.name]: isListType(getNullableType(arg.type)) ? [id] : id,
          });
          const place = `${field.name}(${arg.name}: ${id})`;
          // node says null; a filter by an id that nothing has finds nothing.
          const empty = field.name === 'node' || !isRequiredArgument(arg);
          const codes = codesOf(answer);
          const refused = codes.length === 1 && ['NOT_FOUND', 'INVALID_INPUT'].includes(codes[0] ?? '');
          if (!refused && !(empty && codes.length === 0)) broken.push(`${place}: ${codes.join(', ')}`);
          asked += 1;
        }
      }
    expect(broken).toEqual([]);
    expect(asked).toBeGreaterThan(500);
  }, 60_000);

  it('a cursor that was made up, or is of another list, is INVALID_INPUT in every list', async () => {
    const endOf = async (list: string): Promise<string> => {
      const { data } = await ask(`{ ${list}(first: 1) { pageInfo { endCursor } } }`);
      return (data[list] as { pageInfo: { endCursor: string } }).pageInfo.endCursor;
    };
    const cursors = { accounts: await endOf('accounts'), rules: await endOf('rules'), jobs: await endOf('jobs') };
    const lists = operations('Query').filter(({ args }) => args.some(({ name }) => name === 'after'));
    expect(lists.length).toBeGreaterThan(15);
    const forged = [
      'xxx',
      '',
      ODD,
      Buffer.from('["a"]').toString('base64url'),
      Buffer.from('[{}]').toString('base64url'),
    ];
    for (const field of lists) {
      const others = Object.fromEntries(
        field.args.filter(isRequiredArgument).map(({ name, type }) => [name, real[name] ?? some(type)]),
      );
      const foreign = Object.entries(cursors).filter(([list]) => list !== field.name);
      for (const after of [...forged, ...foreign.map(([, cursor]) => cursor)]) {
        const answer = await askField('query', field, { ...others, after });
        expect({ list: field.name, after, answer: answer.errors }).toEqual({
          list: field.name,
          after,
          answer: [
            expect.objectContaining({
              message: expect.stringMatching(/"after" is not a cursor of this list/),
              extensions: { code: 'INVALID_INPUT', inputPath: ['after'] },
            }),
          ],
        });
      }
      expect({ list: field.name, codes: codesOf(await askField('query', field, others)) }).toEqual({
        list: field.name,
        codes: [],
      });
    }
    const inRun = await ask(
      'query ($id: ID!, $after: String) { ruleRun(id: $id) { results(after: $after) { totalCount } } }',
      { id: runId, after: cursors.jobs },
    );
    expect(codesOf(inRun)).toEqual(['INVALID_INPUT']);
  }, 60_000);

  it('no value of a query’s argument breaks it', async () => {
    const broken: string[] = [];
    for (const field of operations('Query')) {
      const others = Object.fromEntries(requiredOf(field).map(({ name, type }) => [name, real[name] ?? some(type)]));
      for (const arg of field.args)
        for (const value of extremes(arg)) {
          const codes = codesOf(await askField('query', field, { ...others, [arg.name]: value }));
          if (codes.includes('INTERNAL'))
            broken.push(`${field.name}(${arg.name}: ${JSON.stringify(value).slice(0, 60)})`);
        }
    }
    expect(broken).toEqual([]);
  }, 60_000);

  it('no mutation breaks on ids of nothing and odd text', async () => {
    const broken: string[] = [];
    for (const text of ['x', '', ODD, 'a\u0000b', 'a\ud800b', 'x'.repeat(100_000)])
      for (const field of operations('Mutation')) {
        if (field.name === 'signOut') continue;
        const args = Object.fromEntries(field.args.map(({ name, type }) => [name, some(type, text)]));
        const answer = await askField('mutation', field, args);
        if (codesOf(answer).includes('INTERNAL'))
          broken.push(`${field.name} with ${JSON.stringify(text.slice(0, 20))}`);
      }
    expect(broken).toEqual([]);
  }, 60_000);
});

/** Some value of a type; ids are of nothing. */
function some(type: GraphQLInputType, text = 'x'): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [some(bare.ofType, text)];
  if (isInputObjectType(bare))
    return Object.fromEntries(
      Object.values(bare.getFields())
        .filter((field) => isRequiredInputField(field) || getNamedType(field.type).name !== 'ID')
        .map(({ name, type: inner }) => [name, some(inner, text)]),
    );
  if (isEnumType(bare)) return bare.getValues()[0]?.name;
  switch (bare.name) {
    case 'ID':
      return globalId('Source', NOBODY);
    case 'Int':
      return 1;
    case 'Float':
      return 0.5;
    case 'Boolean':
      return true;
    case 'DateTime':
      return '2026-01-01T00:00:00Z';
    case 'JSON':
    case 'JSONObject':
      return { [text]: text };
    default:
      return text;
  }
}

/** Values of an argument's type that no sensible caller sends. */
function extremes({ type }: GraphQLArgument): readonly unknown[] {
  const texts = [
    '',
    ' ',
    ODD,
    '%',
    '_',
    "'; DROP TABLE x; --",
    'a\u0000b',
    'a\ud800b',
    'x'.repeat(50_000),
    '/#',
    '%zz',
  ];
  const values: Readonly<Record<string, readonly unknown[]>> = {
    String: texts,
    Int: [-2_147_483_648, -1, 0, 2_147_483_647],
    DateTime: [
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999Z',
      'yesterday',
      '2026-13-01T00:00:00Z',
      '2026-06-01',
    ],
  };
  const found = values[getNamedType(type).name] ?? [];
  return isListType(getNullableType(type)) ? [[], ...found.map((value) => [value])] : found;
}
