import { type HarvestedConstraint } from '#core/connector-kit';

/** What a CHECK on one column says, where it is one of a few plain forms. */
export type Checked = Pick<Extract<HarvestedConstraint, { kind: 'check' }>, 'min' | 'max' | 'values'>;

/**
 * Reads a constraint as `pg_get_constraintdef` writes it: `CHECK (((rate >= (0)::numeric) AND (rate < (1)::numeric)))`. Parts that are
 * joined by AND hold each for itself, so that one that is not understood is passed over. `column` is quoted where it has to be.
 */
export function readCheck(definition: string, column: string): Checked {
  const [, condition] = /^CHECK \((.*)\)(?: NO INHERIT)?$/s.exec(definition) ?? [];
  if (condition === undefined) return {};
  const parts = conjuncts(condition).map((part) => readPart(part, column));
  return Object.assign({}, ...parts) as Checked;
}

// A numeral that is cast to a whole number would be rounded first.
const LITERAL = String.raw`(?:'((?:[^']|'')*)'::[a-z ]+|\(?(-?[0-9]+(?:\.[0-9]+)?)\)?(?:::(?:numeric|double precision))?|\(?(-?[0-9]+)\)?::(?:bigint|integer|smallint))`;

/** Neither NaN nor infinity, which have an order of their own. */
const ORDINARY = /^-?[0-9]/;

function readPart(part: string, column: string): Checked {
  const named = `(?:${escaped(column)}|\\(${escaped(column)}\\)::text)`;
  const [, operator, quoted, plain, whole] = new RegExp(`^${named} (>=|<=|>|<|=) ${LITERAL}$`).exec(part) ?? [];
  if (operator !== undefined) {
    const value = plain ?? whole ?? quoted!.replaceAll("''", "'");
    if (operator === '=') return { values: [value] };
    if (!ORDINARY.test(value)) return {};
    const bound = { value, strict: operator.length === 1 };
    return operator.startsWith('>') ? { min: bound } : { max: bound };
  }
  const [, list] = new RegExp(`^${named} = ANY \\(\\(?ARRAY\\[(.*?)\\](?:\\)::text\\[\\])?\\)$`, 's').exec(part) ?? [];
  return list === undefined ? {} : listed(list);
}

/** Texts only: how a number in a list is written says nothing of how it is compared. */
function listed(list: string): Checked {
  const items = [...list.matchAll(/'((?:[^']|'')*)'::(?:text|character varying|bpchar)(?:, |$)/gy)];
  const length = items.reduce((sum, [whole]) => sum + whole.length, 0);
  return items.length === 0 || length !== list.length
    ? {}
    : { values: items.map(([, text]) => text!.replaceAll("''", "'")) };
}

/** The parts of a condition that are joined by AND, without the parentheses around them. */
function conjuncts(condition: string): string[] {
  const text = bare(condition);
  const parts: string[] = [];
  let depth = 0;
  let quoted: string | undefined;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted !== undefined) {
      if (sign === quoted) quoted = undefined;
    } else if (sign === "'" || sign === '"') quoted = sign;
    else if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (depth === 0 && text.startsWith(' OR ', at)) return [text];
    else if (depth === 0 && text.startsWith(' AND ', at)) {
      parts.push(text.slice(from, at));
      from = at + ' AND '.length;
    }
  }
  if (parts.length === 0) return [text];
  return [...parts, text.slice(from)].flatMap(conjuncts);
}

/** Without parentheses that go around the whole. */
function bare(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  let quoted: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted !== undefined) {
      if (sign === quoted) quoted = undefined;
    } else if (sign === "'" || sign === '"') quoted = sign;
    else if (sign === '(') depth++;
    else if (sign === ')' && --depth === 0 && at < text.length - 1) return text;
  }
  return bare(text.slice(1, -1));
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\${sign}`);
