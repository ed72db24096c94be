import { buildSchema, graphql, type GraphQLResolveInfo } from 'graphql';

import { selectedFields } from './selected-fields.js';

const SCHEMA = buildSchema(`
  type Edge { from: String to: String script: Script }
  type Script { name: String }
  type Graph { edges: [Edge] nodes: [Script] }
  type Query { graph: Graph }
`);

describe('the fields that are asked for', () => {
  it.each<[string, string[]]>([
    ['{ graph { edges { from to } } }', ['from', 'to']],
    ['{ graph { nodes { name } } }', []],
    ['{ graph { mine: edges { source: from } nodes { name } } }', ['from']],
    ['{ graph { edges { script { name } } } }', ['script']],
    ['{ graph { ...G } } fragment G on Graph { edges { ...E } } fragment E on Edge { to }', ['to']],
    ['{ graph { ... on Graph { edges { from } edges { ... on Edge { to } } } } }', ['from', 'to']],
    ['{ graph { edges { from } } graph { edges { to } } }', ['from', 'to']],
  ])('%s', async (source, expected) => {
    let selected: ReadonlySet<string> | undefined;
    let own: ReadonlySet<string> | undefined;
    const graph = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
      selected = selectedFields(info, 'edges');
      own = selectedFields(info);
      return {};
    };
    expect((await graphql({ schema: SCHEMA, source, rootValue: { graph } })).errors).toBeUndefined();
    expect([...(selected ?? [])]).toEqual(expected);
    expect(own?.has('edges')).toBe(expected.length > 0);
  });
});
