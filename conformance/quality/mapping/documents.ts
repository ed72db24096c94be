import { type Params } from './params.js';
import { said } from './beside.js';
import { mapping, type Mappings, type Own } from './rule-of.js';

/** Words of a schema that stand beside the column's name, in tools whose test takes the schema apart. */
const WORDS = ['type', 'minLength', 'maxLength', 'properties', 'required'];

function jsonSchema(params: Params): Own {
  const own = WORDS.flatMap((word) => (params.has(word) ? [[word, params.take(word)] as const] : []));
  const column = params.column('column') ?? params.column('column_name');
  const schema = said<object>(params, 'schema') ?? Object.fromEntries(own);
  return { kind: 'json_schema', columns: [column], params: { schema } };
}

export const DOCUMENTS: Mappings = { json_schema: mapping('rows', jsonSchema) };
