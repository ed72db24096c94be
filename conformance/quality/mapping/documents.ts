import { commonBlock } from './common.js';
import { type Mapping } from './mapped.js';
import { Params } from './params.js';
import { said } from './values.js';

/** Words of a schema that stand beside the column's name, in tools whose test takes the schema apart. */
const WORDS = ['type', 'minLength', 'maxLength', 'properties', 'required'];

const jsonSchema: Mapping = (given) => {
  const params = new Params(given);
  const own = WORDS.flatMap((word) => (params.has(word) ? [[word, params.take(word)] as const] : []));
  const column = params.column('column') ?? params.column('column_name');
  const rule = {
    ...commonBlock(params, 'rows'),
    kind: 'json_schema',
    columns: [column],
    params: { schema: said<object>(params, 'schema') ?? Object.fromEntries(own) },
  };
  params.done();
  return { rule };
};

export const DOCUMENTS: Readonly<Record<string, Mapping>> = { json_schema: jsonSchema };
