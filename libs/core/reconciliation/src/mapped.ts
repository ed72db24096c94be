import { type Dialect, type TypeFamily } from '#core/connector-kit';
import { type ColumnFact, type DatasetFacts, NUMBERS, toDecimal } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { type ColumnMapping, type Definition, type KeyMapping, type Precision, rightOf } from './definition.js';

/** What both values of a pair are written as, so that equal ones have the same text in every engine. */
export type Form = 'number' | 'float' | 'boolean' | 'text' | 'uuid' | 'date' | 'time' | 'moment' | 'bytes';

/** How two values are compared. */
export interface Comparing {
  readonly form: Form;
  readonly trim: boolean;
  readonly ignoreCase: boolean;
  readonly emptyIsNull: boolean;
  /** Numerals; '0' for exactly. */
  readonly absolute: string;
  readonly relative: string;
  readonly precision: Precision;
}

/** A column of each side that belong together. */
export interface MappedColumn extends Comparing {
  readonly name: string;
  readonly left: ColumnFact;
  readonly right: ColumnFact;
}

/** The facts of one side, as far as a reconciliation needs them. */
export interface SideFacts {
  readonly dialect: Dialect;
  readonly facts: DatasetFacts;
}

export interface Mapped {
  readonly keys: readonly MappedColumn[];
  readonly columns: readonly MappedColumn[];
}

const fault = (path: readonly string[], message: string): InvalidInput =>
  new InvalidInput(`The reconciliation cannot be used: ${message}.`, [{ path, message }]);

/** Joins the definition with the columns that both sides have. @throws {InvalidInput} with the place of what does not fit. */
export function mapColumns(definition: Definition, left: DatasetFacts, right: DatasetFacts): Mapped {
  const { keys = [], columns = [] } = definition;
  const pair = (mapping: KeyMapping | ColumnMapping, path: readonly string[]): MappedColumn => {
    const here = columnOf(left, mapping.left, [...path, 'left']);
    const there = columnOf(right, rightOf(mapping), [...path, mapping.right === undefined ? 'left' : 'right']);
    const form = formOf(here.typeFamily, there.typeFamily);
    if (form === undefined)
      throw fault(
        path,
        `"${here.name}" (${here.nativeType ?? here.typeFamily}) and "${there.name}" (${there.nativeType ?? there.typeFamily}) have types that cannot be compared`,
      );
    return {
      ...{ name: here.name, left: here, right: there, form, precision: mapping.precision ?? 'microseconds' },
      ...{ trim: mapping.trim ?? false, ignoreCase: mapping.ignoreCase ?? false },
      emptyIsNull: mapping.emptyIsNull ?? false,
      absolute: String(('absolute' in mapping ? mapping.absolute : undefined) ?? '0'),
      relative: String(('relative' in mapping ? mapping.relative : undefined) ?? '0'),
    };
  };
  const mapped = {
    keys: keys.map((key, at) => pair(key, ['keys', String(at)])),
    columns: columns.map((each, at) => pair(each, ['columns', String(at)])),
  };
  refuseTwice([...mapped.keys, ...mapped.columns]);
  checkChecks(definition, mapped);
  return mapped;
}

function columnOf(dataset: DatasetFacts, name: string, path: readonly string[]): ColumnFact {
  const found = dataset.columns.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw fault(path, `${dataset.name} has no column ${JSON.stringify(name)}`);
}

function refuseTwice(columns: readonly MappedColumn[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw fault(['columns'], `the column "${name}" is mapped twice`);
    seen.add(name);
  }
}

function checkChecks({ checks }: Definition, { keys, columns }: Mapped): void {
  const all = [...keys, ...columns];
  const known = (name: string, path: readonly string[]) => {
    const found = all.find((each) => each.name === name);
    if (found === undefined) throw fault(path, `"${name}" is not mapped; map it under keys or columns first`);
    return found;
  };
  const summed = (name: string, path: readonly string[]) => {
    const { left, right } = known(name, path);
    if (![left, right].every(({ typeFamily }) => NUMBERS.includes(typeFamily)))
      throw fault(path, `"${name}" is no number on both sides, so it has no sum`);
  };
  checks.forEach((check, at) => {
    const path = ['checks', String(at)];
    if (check.kind === 'keys' && keys.length === 0)
      throw fault(path, 'rows can be compared one by one only by a key: map at least one key column');
    if (check.kind === 'sum') summed(check.column, [...path, 'column']);
    if (check.kind === 'groups') {
      check.by.forEach((name, place) => known(name, [...path, 'by', String(place)]));
      (check.sums ?? []).forEach((name, place) => summed(name, [...path, 'sums', String(place)]));
    }
  });
  if (checks.filter(({ kind }) => kind === 'keys').length > 1) throw fault(['checks'], 'keys are compared once');
}

const WHOLE: readonly TypeFamily[] = ['integer', 'decimal', 'boolean'];
const TEXTS: readonly TypeFamily[] = ['text', 'other'];
const MOMENTS: readonly TypeFamily[] = ['date', 'timestamp', 'timestamptz'];

/** The form that two families share; documents and lists have none, and a text is never taken for a number. */
export function formOf(left: TypeFamily, right: TypeFamily): Form | undefined {
  const both = (families: readonly TypeFamily[]) => families.includes(left) && families.includes(right);
  if (left === 'boolean' && right === 'boolean') return 'boolean';
  if (both(WHOLE)) return 'number';
  if (both(NUMBERS)) return 'float';
  if (both(TEXTS)) return 'text';
  if (both([...TEXTS, 'uuid'])) return 'uuid';
  if (left === 'date' && right === 'date') return 'date';
  if (both(MOMENTS)) return 'moment';
  if (both(['time'])) return 'time';
  return both(['binary']) ? 'bytes' : undefined;
}

/**
 * Digits after the point to which a number may be rounded before it is hashed: what rounds to the same is then within the absolute
 * tolerance, and most of what is within it rounds to the same. Undefined when numbers are compared exactly.
 */
export function gridOf({ absolute }: Comparing): number | undefined {
  const tolerance = toDecimal(absolute)!;
  if (tolerance.units === 0n) return undefined;
  for (let digits = 0; digits <= 10; digits++)
    if (tolerance.units * 10n ** BigInt(digits) >= 10n ** BigInt(tolerance.scale)) return digits;
  return undefined;
}

/** Whether the source vouches that no two rows of the side have the same key. */
export function keyIsVouched(side: 'left' | 'right', { facts }: SideFacts, { keys }: Mapped): boolean {
  // What is compared without regard to case or to parts of a second may be the same where the values are not.
  const loose = keys.some(
    ({ trim, ignoreCase, form, precision }) =>
      trim || ignoreCase || ((form === 'moment' || form === 'time') && precision !== 'microseconds'),
  );
  if (loose) return false;
  const names = keys.map((key) => key[side].name);
  return (facts.vouched?.constraints ?? []).some(
    (each) => each.is === 'unique' && each.columns.length > 0 && each.columns.every((column) => names.includes(column)),
  );
}
