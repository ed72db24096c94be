import { NotUnderstood, type RuleText } from '../imported.js';

type FormatRule = Pick<RuleText, 'kind' | 'params'> & { readonly notes?: readonly string[] };

const BLANKS = ' *';
const NUMBERS: Readonly<Record<string, string>> = {
  integer: '[0-9]+',
  decimal: '([0-9]+([.,][0-9]+)?|[.,][0-9]+)',
  'decimal point': '([0-9]+(\\.[0-9]+)?|\\.[0-9]+)',
  'decimal comma': '([0-9]+(,[0-9]+)?|,[0-9]+)',
};
const PERCENTAGES: Readonly<Record<string, string>> = {
  percentage: 'decimal',
  'percentage point': 'decimal point',
  'percentage comma': 'decimal comma',
};

const OWN_CHECK = 'Soda tells it by a pattern of its own, and we by ours: odd values may be judged otherwise';
const KINDS: Readonly<Record<string, FormatRule>> = {
  email: { kind: 'format', params: { format: 'email' }, notes: [OWN_CHECK] },
  uuid: { kind: 'format', params: { format: 'uuid' } },
  'ipv4 address': { kind: 'format', params: { format: 'ipv4' }, notes: [OWN_CHECK] },
  'credit card number': {
    kind: 'format',
    params: { format: 'bank_card' },
    notes: ['the check digit is looked at here, and not in Soda'],
  },
};

/** A format that Soda has a name for: `positive integer`, `email`. */
export function formatRule(name: string): FormatRule {
  const kind = KINDS[name];
  if (kind !== undefined) return kind;
  const pattern = numberPattern(name);
  if (pattern !== undefined) return { kind: 'regex', params: { patterns: [pattern] } };
  throw new NotUnderstood(`the format ${JSON.stringify(name)} is not known here; write it as a regular expression`);
}

/** Numbers as texts: with a sign, without, or with a minus. Zero counts as positive and as negative. */
function numberPattern(name: string): string | undefined {
  const [, sign = '', what = ''] = /^(positive |negative )?(.*)$/.exec(name) ?? [];
  const base = NUMBERS[what] ?? NUMBERS[PERCENTAGES[what] ?? ''];
  if (base === undefined) return undefined;
  const unit = PERCENTAGES[what] === undefined ? '' : `%${BLANKS}`;
  const zero = base.replaceAll('[0-9]', '0');
  const signed = {
    '': `[-+]?${BLANKS}${base}`,
    'positive ': `\\+?${BLANKS}${base}`,
    'negative ': `(-${BLANKS}${base}|${zero})`,
  }[sign];
  return `^${BLANKS}${signed}${BLANKS}${unit}$`;
}
