import { ruleKindOf } from '#core/rule-engine';

import { isFields } from '../args.js';
import { type NamedRule, NotUnderstood } from '../imported.js';
import { percent } from '../requirement.js';

const COMMON = [
  'nullPolicy',
  'onEmpty',
  'denominator',
  'severity',
  'samples',
  'dimension',
  'scope',
  'budgetMs',
  'verify',
];
const BESIDE = ['id', 'other', 'dataset', 'source', 'otherSource', 'name', 'nameZh', 'nameEn', 'owner'];
const SIGNS = { '=': 'eq', '!=': 'ne', '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

/**
 * Reads a rule as people write it on one line: the kind, columns, `name=value` for each parameter and each property that all rules
 * have, and a condition after `where`. Values are JSON or plain texts; in lists commas divide. `fail=>5%` and `warn=>0` are thresholds.
 *
 * @example
 * ruleLine('in_set status values=A,B,C fail=>1% where amount > 0')
 * ruleLine('foreign_key client_id other=client refColumns=id')
 */
export function ruleLine(line: string): NamedRule {
  const [head, condition] = cutAtWhere(line);
  const [kind, ...words] = wordsOf(head);
  if (kind === undefined) throw new NotUnderstood('it is empty; it begins with a kind, such as not_null');
  const schemas = ruleKindOf(kind).params.properties as Readonly<Record<string, unknown>>;
  const columns: string[] = [];
  const params: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  const beside: Record<string, string> = {};
  const threshold: Record<string, unknown> = {};
  for (const word of words) {
    const [, name, text = ''] = /^([A-Za-z][A-Za-z0-9]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) columns.push(...divided(word).map(unquoted));
    else if (name === 'fail' || name === 'warn') Object.assign(threshold, level(name, text, threshold));
    else if (name === 'metric') threshold['metric'] = unquoted(text);
    else if (BESIDE.includes(name)) beside[name] = unquoted(text);
    else if (COMMON.includes(name)) common[name] = valueOf(text);
    else params[name] = valueFor(schemas[name], text);
  }
  return {
    ...beside,
    rule: {
      kind,
      ...(columns.length > 0 && { columns }),
      ...(Object.keys(params).length > 0 && { params }),
      ...(condition !== undefined && { where: condition }),
      ...common,
      ...(Object.keys(threshold).length > 0 && { threshold }),
    },
  };
}

/** `>5`, `>= 0.1`, `>5%`: a share has a percent sign. */
function level(
  name: 'fail' | 'warn',
  text: string,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const [, sign, number, share] = /^(=|!=|>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)$/.exec(unquoted(text)) ?? [];
  if (sign === undefined)
    throw new NotUnderstood(`${name} is ${JSON.stringify(text)}; write ${name}=>5 or ${name}=>5%`);
  const bound = { [SIGNS[sign as keyof typeof SIGNS]]: share === '' ? Number(number) : percent(number!) };
  return { ...(share !== '' && before['metric'] === undefined && { metric: 'ratio' }), [name]: bound };
}

/** Cuts where the word `where` stands outside of quotes. */
function cutAtWhere(line: string): [string, string?] {
  const at = wordsWithPlaces(line).find(({ text }) => text.toLowerCase() === 'where')?.at;
  return at === undefined ? [line] : [line.slice(0, at), line.slice(at + 'where'.length).trim()];
}

const wordsOf = (text: string): string[] => wordsWithPlaces(text).map((word) => word.text);

/** Words are divided by blanks that stand in no quotes and no brackets. */
function wordsWithPlaces(text: string): { readonly text: string; readonly at: number }[] {
  const words: { text: string; at: number }[] = [];
  let begin = -1;
  let quote = '';
  let depth = 0;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    const ends = sign === undefined || (/\s/.test(sign) && quote === '' && depth === 0);
    if (ends) {
      if (begin !== -1) words.push({ text: text.slice(begin, at), at: begin });
      begin = -1;
      if (sign === undefined) break;
      continue;
    }
    if (begin === -1) begin = at;
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
  }
  if (quote !== '') throw new NotUnderstood(`a quote ${quote} is not closed`);
  return words;
}

/** Parts of a list, divided by commas outside of quotes. */
function divided(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^,"'])+/gs) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const unquoted = (text: string): string => {
  const single = /^'(.*)'$/s.exec(text)?.[1];
  if (single !== undefined) return single;
  if (!/^".*"$/s.test(text)) return text;
  const read = jsonOf(text);
  return typeof read === 'string' ? read : text.slice(1, -1);
};

const NO_JSON = Symbol('no JSON');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NO_JSON;
  }
}

function valueOf(text: string): unknown {
  const read = jsonOf(text);
  // A number that a double would change stays the text it is.
  if (typeof read === 'number' && String(read) !== text) return text;
  return read === NO_JSON ? unquoted(text) : read;
}

function valueFor(schema: unknown, text: string): unknown {
  const type = isFields(schema) ? schema['type'] : undefined;
  if (type === 'string' && !/^".*"$/s.test(text)) return unquoted(text);
  if (type === 'array' && text.startsWith('[') && jsonOf(text) === NO_JSON)
    throw new NotUnderstood(`${text} begins like a list of JSON and is none`);
  if (type !== 'array' || text.startsWith('[')) return valueOf(text);
  const items = isFields(schema) && isFields(schema['items']) ? schema['items'] : {};
  return divided(text).map((part) => (items['type'] === 'string' ? unquoted(part) : valueOf(part)));
}
