import { nameParts } from '#kernel';

/** Tables as a pipeline names them: plain names, or regular expressions for each part of a name. */
export interface TablePattern {
  readonly text: string;
  readonly parts: readonly RegExp[];
  /** The parts as they are written. */
  readonly written: readonly string[];
  /** The names of the parts, when none is a pattern. */
  readonly plain?: readonly string[];
}

const SPECIAL = /[[\](){}+*?|^$\\]/;
const MOST_LENGTH = 1_000;

/**
 * Splits `core.loan, core.web_order_[0-9]+` at commas that are not in brackets. In a pattern, a dot divides database and table; `\.` is the
 * dot of a regular expression.
 */
export function tablePatterns(text: string): (TablePattern | { readonly text: string; readonly problem: string })[] {
  return split(text, ',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => patternOf(each));
}

function patternOf(text: string): TablePattern | { readonly text: string; readonly problem: string } {
  if (text.length > MOST_LENGTH) return { text, problem: 'it is too long' };
  const parts = split(text, '.').map((part) => part.trim());
  if (!SPECIAL.test(text))
    return { text, plain: parts, written: parts, parts: parts.map((part) => new RegExp(`^${escaped(part)}$`, 'iu')) };
  try {
    return {
      text,
      written: parts,
      parts: parts.map((part) => new RegExp(`^(?:${part.replaceAll('\\.', '.')})$`, 'iu')),
    };
  } catch {
    return { text, problem: 'it is no regular expression' };
  }
}

const escaped = (text: string): string => text.replace(/[-/]/g, (sign) => `\\${sign}`);

/** Splits at a sign that is neither escaped nor in brackets; a bracket that is never closed encloses nothing. */
function split(text: string, at: string, brackets = true): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!;
    if (sign === '\\') {
      part += sign + (text[++index] ?? '');
      continue;
    }
    if (brackets && '([{'.includes(sign)) depth++;
    if (')]}'.includes(sign)) depth = Math.max(0, depth - 1);
    if (sign === at && depth === 0) {
      parts.push(part);
      part = '';
    } else part += sign;
  }
  return depth > 0 ? split(text, at, false) : [...parts, part];
}

/** Whether a dataset's name is one of the tables. A pattern with fewer parts is about the last ones. */
export function fits({ parts }: TablePattern, name: string): boolean {
  const names = nameParts(name);
  return (
    parts.length <= names.length && parts.every((part, index) => part.test(names[names.length - parts.length + index]!))
  );
}

/** Whether a pattern of a rule is about the tables of another pattern: the same text, or its names fit. */
export const covers = (rule: TablePattern, table: TablePattern): boolean =>
  rule.text === table.text ||
  (table.plain !== undefined &&
    rule.parts.length <= table.plain.length &&
    rule.parts.every((part, index) => part.test(table.plain![table.plain!.length - rule.parts.length + index]!)));
