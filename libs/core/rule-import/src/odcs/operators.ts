import { type Args } from '../args.js';
import { type Requirement } from '../requirement.js';
import { NotUnderstood } from '../imported.js';

const OPERATORS = {
  mustBe: 'eq',
  mustNotBe: 'ne',
  mustBeGreaterThan: 'gt',
  mustBeGreaterOrEqualTo: 'gte',
  mustBeLessThan: 'lt',
  mustBeLessOrEqualTo: 'lte',
} as const;
type Comparing = keyof typeof OPERATORS;

/** The text of the standard says that `mustBeBetween` is `mustBeGreaterThan` and `mustBeLessThan`: its ends do not belong to it. */
const STRICT = { strictMin: true, strictMax: true } as const;

/** The `mustBe…` of a check. @throws {NotUnderstood} when there is none, or several that are no range. */
export function requirementOf(args: Args): Requirement {
  const found: Requirement[] = [];
  for (const name of Object.keys(OPERATORS) as Comparing[])
    if (args.has(name)) found.push({ is: OPERATORS[name], than: args.numeral(name) });
  for (const [name, is] of [
    ['mustBeBetween', 'between'],
    ['mustNotBeBetween', 'outside'],
  ] as const)
    if (args.has(name)) found.push({ is, ...ends(args, name), ...STRICT });
  const [first, second, ...more] = found;
  if (first === undefined)
    throw new NotUnderstood('it does not say what must be: there is no mustBe, mustBeLessThan …');
  if (second === undefined) return first;
  return (more.length === 0 ? range(first, second) : undefined) ?? several();
}

function ends(args: Args, name: string): { min: number | string; max: number | string } {
  const [min, max, ...more] = args.values(name);
  if (
    (typeof min === 'number' || typeof min === 'string') &&
    (typeof max === 'number' || typeof max === 'string') &&
    more.length === 0
  )
    return { min, max };
  throw new NotUnderstood(`"${name}" is not a list of two numbers`);
}

/** The standard writes a range as two operators as well. */
function range(one: Requirement, other: Requirement): Requirement | undefined {
  const low = [one, other].find(({ is }) => is === 'gt' || is === 'gte');
  const high = [one, other].find(({ is }) => is === 'lt' || is === 'lte');
  if (low === undefined || high === undefined || !('than' in low) || !('than' in high)) return undefined;
  return { is: 'between', min: low.than, max: high.than, strictMin: low.is === 'gt', strictMax: high.is === 'lt' };
}

const several = (): never => {
  throw new NotUnderstood('it has several operators that are no range');
};

/** The operator that says a requirement, if there is one. */
export function operatorFor(required: Requirement): Readonly<Record<string, unknown>> | undefined {
  if ('than' in required) {
    const name = (Object.keys(OPERATORS) as Comparing[]).find((each) => OPERATORS[each] === required.is)!;
    return { [name]: Number(required.than) };
  }
  const both = required.strictMin && required.strictMax;
  if (!both) return undefined;
  return {
    [required.is === 'between' ? 'mustBeBetween' : 'mustNotBeBetween']: [Number(required.min), Number(required.max)],
  };
}
