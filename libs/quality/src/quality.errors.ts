import { AppError, InvalidInput } from '#kernel';

/** A retired rule neither runs nor changes. */
export class RuleRetired extends AppError {
  readonly code = 'RULE_RETIRED';

  constructor(name: string) {
    super(`The rule ${JSON.stringify(name)} is retired, so it neither runs nor changes. Add a new rule.`, { name });
  }
}

/** Two rule sets of one name would be mixed up. */
export class RuleSetNameTaken extends AppError {
  readonly code = 'RULE_SET_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a rule set ${JSON.stringify(name)} already. Choose another name.`, { name }, ['name']);
  }
}

/** What was asked for comes down to no rule at all. */
export class NothingToRun extends AppError {
  readonly code = 'NOTHING_TO_RUN';

  constructor(what: string) {
    super(`There is no rule to run: ${what}. Add rules first, or choose others.`);
  }
}

/** A resolved incident is history. */
export class IncidentResolved extends AppError {
  readonly code = 'INCIDENT_RESOLVED';

  constructor(id: string) {
    super('The incident is resolved. It can be commented on; a rule that fails again opens it anew.', { id });
  }
}

/** Somebody names a thing in the input that is not there. */
export const unknownAt = (path: readonly string[], message: string): InvalidInput =>
  new InvalidInput(`${message[0]?.toUpperCase()}${message.slice(1)}.`, [{ path, message }]);
