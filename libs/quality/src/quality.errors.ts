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

/** A step that the incident's state does not allow. */
export class IncidentStepRefused extends AppError {
  readonly code = 'INCIDENT_STEP_REFUSED';

  constructor(sentence: string, id: string) {
    super(sentence, { id });
  }
}

/** A rule, or a source that cannot be asked, has one incident at a time. */
export class AnotherIncidentOpen extends AppError {
  readonly code = 'ANOTHER_INCIDENT_OPEN';

  constructor() {
    super('The same has failed again and has an open incident of its own by now. Go on with that one.');
  }
}

/** A waiver that cannot be decided or ended as it stands. */
export class WaiverRefused extends AppError {
  readonly code = 'WAIVER_REFUSED';
}

/** Somebody names a thing in the input that is not there. */
export const unknownAt = (path: readonly string[], message: string): InvalidInput =>
  new InvalidInput(`${message[0]?.toUpperCase()}${message.slice(1)}.`, [{ path, message }]);
