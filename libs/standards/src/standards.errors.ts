import { AppError, Conflict } from '#kernel';

/** Two things of one code would be mixed up. */
export class CodeTaken extends AppError {
  readonly code = 'CODE_TAKEN';

  constructor(what: string, code: string) {
    super(`There is a ${what} ${JSON.stringify(code)} already. Choose another code.`, { code }, ['code']);
  }
}

/** Somebody else changed it since the caller read it. */
export class ChangedMeanwhile extends Conflict {
  constructor(what: string, name: string, revision: number) {
    super(
      `The ${what} ${JSON.stringify(name)} was changed by somebody else meanwhile and is now at revision ${revision}. ` +
        'Read it again and repeat your change.',
      { revision },
      ['revision'],
    );
  }
}

/** What is asked for does not go with the element's state. */
export class WrongState extends AppError {
  readonly code = 'WRONG_STATE';
}

/** A field is one element at most. */
export class FieldMappedAlready extends AppError {
  readonly code = 'FIELD_MAPPED_ALREADY';

  constructor(field: string, element: string) {
    super(`${field} is already mapped to ${element}. Reject that mapping first.`, { field, element });
  }
}
