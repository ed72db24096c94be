import { InvalidInput } from '#kernel';

/** A fault in a rule, at its place. */
export function fault(message: string, path: readonly string[]): InvalidInput {
  return new InvalidInput(`The rule cannot be used: ${message}.`, [{ path, message }]);
}
