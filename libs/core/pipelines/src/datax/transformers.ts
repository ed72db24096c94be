import { changed, deciding, type Flow } from '../flow.js';
import { type JobDraft, placeOf } from '../job-draft.js';
import { textOf, type Value } from '../text/value.js';

/** Signs that stand for what nobody shall read. */
const MASK = /^[*#xX?●•-]+$/;

/** What the transformers of a job do to the rows of its readers, one after the other. */
export function transform(draft: JobDraft, flow: Flow, transformers: readonly Value[]): Flow {
  return transformers.reduce((rows, transformer) => step(draft, rows, transformer), flow);
}

function step(draft: JobDraft, flow: Flow, transformer: Value): Flow {
  const name = textOf(transformer, 'name') ?? '';
  const parameter = transformer.field('parameter');
  const index = parameter?.field('columnIndex')?.number;
  const paras = parameter?.field('paras')?.texts ?? [];
  const expression = `${name}(${[index, ...paras.map((para) => JSON.stringify(para))].join(', ')})`;
  const at = (change: Parameters<typeof changed>[1]): Flow =>
    index === undefined || index >= flow.columns.length
      ? notThere(draft, flow, transformer, name)
      : {
          ...flow,
          columns: flow.columns.map((column, ordinal) => (ordinal === index ? changed(column, change) : column)),
        };
  switch (name.toLowerCase()) {
    case 'dx_substr':
    case 'dx_pad':
      return at({ expression });
    case 'dx_digest':
      return at({ expression, masking: true });
    case 'dx_replace':
      return at({ expression, ...(MASK.test(paras[2] ?? '') && { masking: true }) });
    case 'dx_filter':
      if (index === undefined || index >= flow.columns.length) return notThere(draft, flow, transformer, name);
      return { ...flow, rows: [...flow.rows, ...deciding([flow.columns[index]!])] };
    default:
      draft.say(
        'opaque-transformer',
        name.toLowerCase() === 'dx_groovy'
          ? 'dx_groovy runs code that may change any column: the columns are as the job lists them, what is done to them is not known.'
          : `What the transformer "${name}" does is not known.`,
        placeOf(transformer),
        'partial',
      );
      return {
        ...flow,
        columns: flow.columns.map((column, ordinal) => {
          if (index !== undefined && ordinal !== index) return column;
          const { origins, ...rest } = changed(column, { expression: name, masking: null });
          return { ...rest, origins: origins.map((origin) => ({ ...origin, confidence: 'unknown' as const })) };
        }),
      };
  }
}

function notThere(draft: JobDraft, flow: Flow, transformer: Value, name: string): Flow {
  // Behind a star there may be such a column.
  draft.say(
    'no-such-column',
    `The transformer "${name}" names a column by a position at which ${flow.open ? 'none is known' : 'there is none'}.`,
    placeOf(transformer),
    flow.open ? 'ok' : 'partial',
  );
  return flow;
}
