import { AppError } from '#kernel';

/** Two reconciliations of one name would be mixed up. */
export class ReconciliationNameTaken extends AppError {
  readonly code = 'RECONCILIATION_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a reconciliation ${JSON.stringify(name)} already. Choose another name.`, { name }, ['name']);
  }
}

export class ReconciliationRetired extends AppError {
  readonly code = 'RECONCILIATION_RETIRED';

  constructor(name: string) {
    super(`The reconciliation ${JSON.stringify(name)} is retired, so it neither runs nor changes. Add a new one.`);
  }
}

/** The two datasets share nothing that could be compared. */
export class NothingInCommon extends AppError {
  readonly code = 'NOTHING_IN_COMMON';

  constructor(left: string, right: string) {
    super(
      `${left} and ${right} have no column in common that can be compared: neither lineage nor names connect them. Map columns yourself.`,
    );
  }
}

export class RunNotToBeSigned extends AppError {
  readonly code = 'RUN_NOT_TO_BE_SIGNED';

  constructor(why: string) {
    super(`The run cannot be signed off: ${why}.`);
  }
}

/** The second signature has to be another person's. */
export class SignedBySamePerson extends AppError {
  readonly code = 'SIGNED_BY_SAME_PERSON';

  constructor() {
    super('You have signed this run already. With open breaks a second person has to sign.');
  }
}

export class BreakClosed extends AppError {
  readonly code = 'BREAK_CLOSED';

  constructor() {
    super('The break is closed: the key agreed in a later run. What closed stays as it was.');
  }
}
