import { commonBlock } from './common.js';
import { type Mapping, Params, without } from './mapped.js';

/** A rule about the values of one column. */
const ofColumn =
  (kind: string, own: (params: Params) => Record<string, unknown> = () => ({})): Mapping =>
  ({ params: given }) => {
    const params = new Params(given);
    const rule = {
      kind,
      columns: [params.take<string>('column')],
      params: without(own(params)),
      // An empty table breaks no row.
      onEmpty: 'pass',
      ...commonBlock(params),
    };
    params.done();
    return { rule };
  };

export const ROW_RULES: Readonly<Record<string, Mapping>> = {
  not_null: ofColumn('not_null'),
  in_set: ofColumn('in_set', (params) => ({ values: params.take('values') })),
  between: ofColumn('between', (params) => ({
    min: params.take('min'),
    max: params.take('max'),
    strictMin: params.take('strictMin'),
    strictMax: params.take('strictMax'),
  })),
};
