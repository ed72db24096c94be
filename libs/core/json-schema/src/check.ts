import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { type Static, type TSchema } from 'typebox';

import { type InputFault, InvalidInput } from '#kernel';

// Our own keywords say something to a form; they do not constrain a value.
const KEYWORDS_FOR_FORMS = ['secret', 'x-title-zh', 'x-description-zh', 'x-lines', 'x-columns-of', 'x-expression'];

const ajv = new Ajv({ allErrors: true, useDefaults: true, strictTuples: false, allowUnionTypes: true });
for (const keyword of KEYWORDS_FOR_FORMS) ajv.addKeyword(keyword);
addFormats.default(ajv);

/**
 * Makes a check out of a schema. The check gives back a copy of the input with the schema's defaults filled in, or
 * throws {@link InvalidInput} that names every fault by its place.
 *
 * @example
 * const checkPort = check(Type.Object({ port: Type.Integer({ default: 5432 }) }), 'The settings');
 * checkPort({}); // { port: 5432 }
 *
 * @param at where the input itself lies in a larger one; the faults' places begin with it.
 */
export function check<S extends TSchema>(
  schema: S,
  what: string,
  at: readonly string[] = [],
): (input: unknown) => Static<S> {
  const validate = ajv.compile(schema);
  return (input) => {
    const value: unknown = structuredClone(input);
    if (validate(value)) return value as Static<S>;
    const faults = withoutEchoes(validate.errors ?? []).map((error) => toFault(error, at));
    throw new InvalidInput(`${what} cannot be used: ${faults.map(inWords).join('; ')}.`, faults);
  };
}

// A value that fits no branch of a union is reported once for each branch as well; the branches' own faults say more
// about the schema than about the input, except where the union has nothing else to say.
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  return errors.filter((error) => !unions.some((union) => error.schemaPath.startsWith(`${union.schemaPath}/`)));
}

function toFault(error: ErrorObject, at: readonly string[]): InputFault {
  const inside = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const path = [...at, ...inside];
  const { params } = error as { params: Record<string, unknown> };
  switch (error.keyword) {
    case 'required':
      return { path: [...path, String(params['missingProperty'])], message: 'is missing' };
    case 'additionalProperties':
      return { path: [...path, String(params['additionalProperty'])], message: 'is not a known property' };
    case 'enum':
      return { path, message: `must be one of ${(params['allowedValues'] as unknown[]).map(String).join(', ')}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(params['allowedValue'])}` };
    case 'anyOf':
    case 'oneOf':
      return { path, message: 'fits none of the allowed forms' };
    default:
      return { path, message: error.message ?? `breaks "${error.keyword}"` };
  }
}

const inWords = ({ path, message }: InputFault): string =>
  path.length === 0 ? `the value ${message}` : `"${path.join('.')}" ${message}`;
