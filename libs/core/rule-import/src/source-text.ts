import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';

import { InvalidInput } from '#kernel';

import { type Place } from './imported.js';

/** A text as values, which still knows where each of them stood. */
export interface SourceText {
  readonly value: unknown;
  placeOf(path: Place['path']): Place;
}

// A few lines of YAML can stand for billions of values.
const MOST_ALIASES = 1_000;
const DIGITS_OF_A_DOUBLE = 15;

/**
 * Reads YAML, of which JSON is a part. `yaml: '1.1'` is for tools that read it with PyYAML: there `yes` is true and 010 is eight.
 * Numbers that a double would change stay the text they are. Throws `InvalidInput` for what is no YAML, with its line.
 */
export function readSource(text: string, yaml: '1.1' | '1.2' = '1.2'): SourceText {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: yaml, merge: true, lineCounter: lines, intAsBigInt: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    const message = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    throw new InvalidInput(`The text cannot be read${line === undefined ? '' : `, line ${line}`}: ${message}.`);
  }
  visit(document, {
    Scalar(_, scalar) {
      const { value, source } = scalar;
      if (typeof value === 'bigint')
        scalar.value = Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
      else if (typeof value === 'number' && significantDigits(source) > DIGITS_OF_A_DOUBLE) scalar.value = source;
      else if (value instanceof Date) scalar.value = source ?? value.toISOString();
    },
  });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new InvalidInput(`The text cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  return {
    value,
    placeOf(path) {
      let node: unknown = document.contents;
      let start = startOf(node);
      for (const part of path) {
        if (isAlias(node)) node = node.resolve(document);
        if (isSeq(node)) node = node.items[Number(part)];
        else if (isMap(node)) {
          const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
          start = startOf(pair?.key) ?? start;
          node = pair?.value;
        } else break;
        // A value that begins where its name stands is found by its name.
        if (!isScalar(node) || typeof part === 'number')
          start = (typeof part === 'number' ? startOf(node) : start) ?? start;
      }
      if (start === undefined) return { path };
      const { line, col } = lines.linePos(start);
      return { path, line, column: col };
    },
  };
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

const significantDigits = (source = ''): number =>
  source
    .replace(/[eE].*$/, '')
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '').length;
