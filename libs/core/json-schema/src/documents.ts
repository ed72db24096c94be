import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

/** Says what is wrong with a document, by its place; undefined when it fits. */
export type DocumentCheck = (document: unknown) => string | undefined;

// Schemas of other people: they are not ours to be strict about, and one fault is enough to refuse a document.
const ajv = new Ajv({ strict: false, allErrors: false, allowUnionTypes: true, logger: false });
addFormats.default(ajv);

/**
 * Makes a check of documents out of somebody's JSON Schema (draft 7). Nothing is fetched: a schema that refers to one elsewhere cannot be
 * used. Throws an `Error` that says why it cannot.
 *
 * @example
 * documentCheck({ type: 'object', required: ['name'] })({}); // "must have required property 'name'"
 */
export function documentCheck(schema: object): DocumentCheck {
  // A schema has an id so that others can refer to it; two rules with the same one are two schemas all the same.
  const { $id: _, $schema: __, ...own } = schema as Readonly<Record<string, unknown>>;
  const validate = ajv.compile(own);
  ajv.removeSchema(own);
  return (document) => (validate(document) ? undefined : inWords(validate.errors?.[0]));
}

const inWords = (error: ErrorObject | undefined): string =>
  `${error?.instancePath === '' || error === undefined ? '' : `${error.instancePath} `}${error?.message ?? 'does not fit'}`;
