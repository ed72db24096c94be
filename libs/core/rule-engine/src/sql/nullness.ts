import { absent, all, any, type FunctionName, not, notTrue, type Term, type Test } from './term.js';

/** Functions that give nothing just when one of their arguments is nothing, on every engine. */
const STRICT: readonly FunctionName[] = [
  ...(['length', 'lower', 'upper', 'trim', 'substring', 'abs', 'negate', 'floor', 'ceil'] as const),
];

/** Terms, by their text, of which one must be absent for the whole to be; undefined when that cannot be said so simply. */
type Absence = ReadonlyMap<string, Term> | undefined;

const NEVER: Absence = new Map();

const joined = (parts: readonly Absence[]): Absence =>
  parts.every((part) => part !== undefined) ? new Map(parts.flatMap((part) => [...part])) : undefined;

function ofTerm(term: Term): Absence {
  switch (term.is) {
    case 'column':
      return new Map([[JSON.stringify(term), term]]);
    case 'number':
      return NEVER;
    case 'value':
      // Oracle takes an empty text for NULL.
      return term.value.text === '' ? undefined : NEVER;
    case 'call':
      return STRICT.includes(term.fn) ? joined(term.args.map(ofTerm)) : undefined;
    case 'null':
    case 'cast':
    case 'case':
    case 'replaced':
    case 'aggregate':
    case 'window':
      return undefined;
    default:
      return term satisfies never;
  }
}

function ofTest(test: Test): Absence {
  switch (test.is) {
    case 'compared':
      return joined([ofTerm(test.left), ofTerm(test.right)]);
    case 'in':
      return test.values.some(({ text }) => text === '') ? undefined : ofTerm(test.of);
    case 'like':
    case 'matches':
    case 'truth':
      return ofTerm(test.of);
    case 'not':
      return ofTest(test.of);
    case 'all':
    case 'any': {
      // `a = 1 or b = 2` is true for an absent a where b is 2: only parts that are unknown together are unknown as one.
      const parts = test.of.map(ofTest);
      const same = parts.every((part) => part !== undefined && sameKeys(part, parts[0]));
      return same ? parts[0] : undefined;
    }
    case 'null':
    case 'not_true':
    case 'true':
    case 'found':
      return undefined;
    default:
      return test satisfies never;
  }
}

const sameKeys = (one: NonNullable<Absence>, other: Absence): boolean =>
  other !== undefined && one.size === other.size && [...one.keys()].every((key) => other.has(key));

/**
 * All terms are there, and the test is not true. Where the test is unknown just when one of them is absent, that is simply its
 * opposite, which engines find out with half the work.
 */
export function brokenThough(terms: readonly Term[], passes: Test): Test {
  const unknown = ofTest(passes);
  const wanted: Absence = new Map(terms.map((term) => [JSON.stringify(term), term]));
  if (unknown !== undefined && sameKeys(unknown, wanted)) return not(passes);
  return all(not(any(...terms.map(absent))), notTrue(passes));
}

/** Where a test looks at nothing but absence, it is never unknown; its opposite, written without a double NOT. */
export function oppositeOfAbsence(test: Test): Test | undefined {
  if (!onlyOfAbsence(test)) return undefined;
  return test.is === 'not' ? test.of : not(test);
}

const onlyOfAbsence = (test: Test): boolean => {
  switch (test.is) {
    case 'null':
      return true;
    case 'not':
      return onlyOfAbsence(test.of);
    case 'all':
    case 'any':
      return test.of.length > 0 && test.of.every(onlyOfAbsence);
    default:
      return false;
  }
};
