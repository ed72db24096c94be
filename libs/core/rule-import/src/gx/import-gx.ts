import { InvalidInput } from '#kernel';

import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, Findings, type Imported, NotUnderstood } from '../imported.js';
import { readSource } from '../source-text.js';
import { EXPECTATIONS } from './expectations.js';

const SEVERITIES: Readonly<Record<string, string>> = { critical: 'S1', warning: 'S3', info: 'S4' };

/** Arguments that say how a result is shown, not what has to hold. */
const NO_MEANING = ['result_format', 'include_config', 'catch_exceptions', 'meta', 'notes', 'batch_id', 'table', 'id'];

/** Arguments of single expectations, and for them only. */
const FORBIDDEN_WHEN_TRUE = ['allow_cross_type_comparisons', 'parse_strings_as_datetimes', 'auto'];

/**
 * Reads a suite of Great Expectations, of version 0 (`expectation_type`) or 1 (`type`), or a list of expectations. A suite does not say
 * which dataset it is about.
 */
export function importGx(text: string): Imported {
  const { value, placeOf } = readSource(text);
  const inSuite = isFields(value) && Array.isArray(value['expectations']);
  const list = inSuite ? (value['expectations'] as unknown[]) : value;
  if (!Array.isArray(list))
    throw new InvalidInput('This is no suite of Great Expectations: it has no list of "expectations".');
  const findings = new Findings(placeOf);
  list.forEach((each: unknown, at) => {
    const path = inSuite ? ['expectations', at] : [at];
    const type = isFields(each) ? (each['type'] ?? each['expectation_type']) : undefined;
    if (typeof type !== 'string') findings.refuse(path, 'an expectation', 'it has no "type"');
    else findings.take(path, type, () => converted(type, each as Fields));
  });
  return findings.all;
}

function converted(type: string, expectation: Fields): Conversion {
  const convert = EXPECTATIONS[type.toLowerCase()];
  if (convert === undefined) throw new NotUnderstood('it is no expectation of the core that is known here');
  const whole = new Args(expectation);
  whole.ignore(
    'type',
    'expectation_type',
    'meta',
    'id',
    'rendered_content',
    'ge_cloud_id',
    'notes',
    'success_on_last_run',
  );
  const severity = whole.optionalText('severity');
  const description = whole.optionalText('description') ?? notesOf(expectation['meta']) ?? notesOf(expectation);
  const kwargs = whole.any('kwargs');
  if (kwargs !== undefined && !isFields(kwargs)) throw new NotUnderstood('its "kwargs" are no object');
  whole.end();
  const args = new Args(kwargs ?? {});
  args.ignore(...NO_MEANING);
  for (const argument of FORBIDDEN_WHEN_TRUE)
    if (args.flag(argument, false)) throw new NotUnderstood(`"${argument}" has no equal here`);
  const [own, ownDescription] = [args.optionalText('severity'), args.optionalText('description')];
  const conversion = convert(args);
  args.end();
  const level = severity ?? own;
  if (level !== undefined && SEVERITIES[level] === undefined)
    throw new NotUnderstood(`its severity ${JSON.stringify(level)} is not known`);
  const said = description ?? ownDescription;
  return {
    ...conversion,
    rule: { ...conversion.rule, ...(level !== undefined && { severity: SEVERITIES[level]! }) },
    ...(said !== undefined && { description: said }),
  };
}

/** `notes` are a text, or texts with their format. */
function notesOf(holder: unknown): string | undefined {
  if (!isFields(holder)) return undefined;
  const { notes } = holder;
  const content = isFields(notes) ? notes['content'] : notes;
  const text = Array.isArray(content) ? content.join('\n') : content;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
