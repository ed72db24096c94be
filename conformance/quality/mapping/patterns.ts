import { NotMapped } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { nullPolicyOf } from './values.js';

/** `not_any_single` passes where there is any single pattern that is not met. */
const MATCH: Readonly<Record<string, string>> = {
  all: 'all',
  any: 'any',
  none: 'none',
  not_all: 'not_all',
  not_any_single: 'not_all',
};

function matchOf(params: Params): string {
  const said = params.take<string>('match') ?? 'all';
  const match = MATCH[said];
  if (match === undefined) throw new NotMapped(`not mapped: match ${said}`);
  return match;
}

const nulls = (params: Params) => {
  const nullPolicy = nullPolicyOf(params);
  return nullPolicy === undefined ? {} : { more: { nullPolicy } };
};

function like(params: Params): Own {
  // A pattern of LIKE is for the whole text in every tool; there is nothing to anchor.
  params.ignore('anchor');
  return {
    kind: 'like',
    columns: [params.column('column')],
    params: { patterns: params.take('patterns'), match: matchOf(params) },
    ...nulls(params),
  };
}

function regex(params: Params): Own {
  const flags = params.take<string>('flags') ?? '';
  if (!/^[ic]?$/.test(flags)) throw new NotMapped(`not mapped: flags ${flags}`);
  return {
    kind: 'regex',
    columns: [params.column('column')],
    params: {
      patterns: params.take('patterns'),
      match: matchOf(params),
      anchor: params.take('anchor'),
      ...(flags === 'i' ? { caseInsensitive: true } : {}),
    },
    ...nulls(params),
  };
}

/** What Deequ calls its patterns; ours check the digits as well, and look at the whole text. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/mail/, 'email'],
  [/url/, 'url'],
  [/card/, 'bank_card'],
  [/social|ssn/, 'us_ssn'],
];

function builtinPattern(params: Params): Own {
  const said = params.take<string>('pattern') ?? '';
  const [, format] = FORMATS.find(([name]) => name.test(said.toLowerCase())) ?? [];
  if (format === undefined) throw new NotMapped(`not mapped: the pattern ${said}`);
  // An absent text has no pattern there.
  return { kind: 'format', columns: [params.column('column')], params: { format }, more: { nullPolicy: 'fail' } };
}

/** Rules about how a text is written. */
export const PATTERNS: Mappings = {
  like: mapping('rows', like),
  regex: mapping('rows', regex),
  builtin_pattern: mapping('rows', builtinPattern),
  date_format: mapping('rows', (params) => ({
    kind: 'date_format',
    columns: [params.column('column')],
    // Read as strptime reads it: with or without leading zeros.
    params: { format: params.take('strftime'), padded: false },
  })),
  json_valid: mapping('rows', (params) => ({ kind: 'json_valid', columns: [params.column('column')] })),
};
