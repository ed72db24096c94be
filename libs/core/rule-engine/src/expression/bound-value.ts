import { type TypeFamily } from '#core/connector-kit';

import { CAST_TYPES, type CastType, type LiteralValue } from '../expression.js';
import { type ColumnFact } from '../facts.js';
import { fault } from '../faults.js';
import { type Term, type TermType, typeOf, value } from '../sql/term.js';
import { naturalValue, typedValue } from '../typed-values.js';

/** A value as it was bound. What is not tied to a type yet, a literal or the time of the run, takes that of what it meets. */
export type BoundValue = { readonly name: string; readonly path: readonly string[] } & (
  | { readonly is: 'term'; readonly term: Term }
  | { readonly is: 'literal'; readonly literal: LiteralValue }
  | { readonly is: 'null' }
  | { readonly is: 'now'; readonly now: Date }
);

export const factOf = (name: string, { family, nativeType }: TermType): ColumnFact => ({
  name: name.replace(/^"(.*)"$/s, '$1'),
  typeFamily: family,
  ...(nativeType === undefined ? {} : { nativeType }),
});

/** A value with a type: a literal takes the type of what it meets, which `name` names. */
export function tied(of: BoundValue, type: TermType, name: string): Term {
  switch (of.is) {
    case 'term':
      return of.term;
    case 'literal':
      return value(typedValue(of.literal, factOf(name, type), of.path));
    case 'now': {
      const instant = of.now.toISOString().replace('T', ' ').replace('Z', '');
      if (type.family === 'date') return value({ family: 'date', text: instant.slice(0, 10) });
      if (type.family === 'timestamp') return value({ family: 'timestamp', text: instant });
      return value({ family: 'timestamptz', text: `${instant}+00:00` });
    }
    case 'null':
      throw fault('nothing can be compared with null; ask with is_null', of.path);
    default:
      return of satisfies never;
  }
}

/** A value that meets nothing: a literal is what it looks like. */
export function alone(of: BoundValue): Term {
  return of.is === 'literal' ? value(naturalValue(of.literal, of.path)) : tied(of, { family: 'timestamptz' }, of.name);
}

export const NUMBERS: readonly TypeFamily[] = ['integer', 'decimal', 'float'];

/** Values of one type, as a case or coalesce gives them; literals take the type of the others. */
export function alike(values: readonly BoundValue[], path: readonly string[]): Term[] {
  const known = values.flatMap((each) => (each.is === 'term' ? [each.term] : []));
  const literals = values.flatMap((each) => (each.is === 'literal' || each.is === 'now' ? [alone(each)] : []));
  const types = (known.length > 0 ? known : literals).map(typeOf);
  const [first] = types;
  if (first === undefined) throw fault('here a value is needed that is not null', path);
  const widest = NUMBERS.findLast((family) => types.some((type) => type.family === family));
  const type = widest === undefined ? first : { family: widest };
  return values.map((each) => {
    if (each.is === 'null') return { is: 'null', type };
    const term = tied(each, type, each.name);
    if (!comparableTypes(typeOf(term).family, type.family))
      throw fault(`${each.name} is ${typeOf(term).family}, where others are ${type.family}`, each.path);
    return term;
  });
}

/** What can be read as what. A text may be anything; everything else only what it can be without losing something. */
const CASTS: Readonly<Partial<Record<TypeFamily, readonly CastType[]>>> = {
  text: CAST_TYPES,
  integer: ['text', 'decimal', 'float'],
  decimal: ['float'],
  date: ['text', 'timestamp'],
  timestamp: ['date'],
  timestamptz: ['date', 'timestamp'],
  uuid: ['text'],
  other: ['text'],
};

export function castTerm(of: Term, as: CastType, name: string, path: readonly string[]): Term {
  const { family } = typeOf(of);
  if (family === as) return of;
  if (CASTS[family]?.includes(as) !== true)
    throw fault(
      NUMBERS.includes(family) && (as === 'integer' || as === 'decimal')
        ? `${name} is ${family}; say with round, floor or ceil what becomes of its digits`
        : `${name} is ${family} and cannot be read as ${as}`,
      path,
    );
  return { is: 'cast', of, type: { family: as }, safe: family === 'text' };
}

export function comparableTypes(one: TypeFamily, other: TypeFamily): boolean {
  if (one === 'json' || other === 'json') return false;
  return one === other || (NUMBERS.includes(one) && NUMBERS.includes(other));
}
