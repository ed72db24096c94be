import { AppError } from '#kernel';

/** Applying would undo what somebody did by hand. */
export class RulesDrifted extends AppError {
  readonly code = 'RULES_DRIFTED';

  constructor(origin: string, keys: readonly string[]) {
    const some = keys.slice(0, 10).map((key) => JSON.stringify(key));
    super(
      `${keys.length} rules or rule sets of ${JSON.stringify(origin)} were changed by hand since the files were applied: ` +
        `${some.join(', ')}${keys.length > some.length ? ' …' : ''}. Bring the change into the files, or apply with force to undo it.`,
      { origin, keys: keys.length },
    );
  }
}

/** The catalog is no longer as it was when the plan was made. */
export class PlanOutdated extends AppError {
  readonly code = 'PLAN_OUTDATED';

  constructor(origin: string) {
    super(
      `The rules of ${JSON.stringify(origin)}, or the catalog, have changed since this plan was made. Plan again, and look at it.`,
      { origin },
      ['digest'],
    );
  }
}
