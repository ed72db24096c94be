import { commonBlock } from './common.js';
import { type Mapping, without } from './mapped.js';
import { Params } from './params.js';

/** A rule about the values of one column. */
const ofColumn =
  (kind: string, own: (params: Params) => Record<string, unknown> = () => ({})): Mapping =>
  (given) => {
    const params = new Params(given);
    const rule = {
      kind,
      columns: [params.column('column')],
      params: without(own(params)),
      ...commonBlock(params, 'rows'),
    };
    params.done();
    return { rule };
  };

export const ROW_RULES: Readonly<Record<string, Mapping>> = {
  not_null: ofColumn('not_null', (params) => ({ treatAsNull: params.take('treatAsNull') })),
  in_set: ofColumn('in_set', (params) => ({ values: params.take('values') })),
  between: ofColumn('between', (params) => ({
    min: params.take('min'),
    max: params.take('max'),
    strictMin: params.take('strictMin'),
    strictMax: params.take('strictMax'),
  })),
};
