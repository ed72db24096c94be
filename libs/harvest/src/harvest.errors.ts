import { type SnapshotChange } from '#dictionary';
import { AppError } from '#kernel';

/** So much would vanish that something is probably wrong with the source, the account or the filter. */
export class HarvestWouldRemoveTooMuch extends AppError {
  readonly code = 'HARVEST_WOULD_REMOVE_TOO_MUCH';

  constructor(
    source: string,
    runId: string,
    vanishing: number,
    known: number,
    /** All that the run would have changed. */
    readonly changes: readonly SnapshotChange[],
  ) {
    const names = changes.flatMap(({ outcome, qualifiedName }) => (outcome === 'vanished' ? [qualifiedName] : []));
    const some = names.slice(0, 5).map((name) => JSON.stringify(name));
    super(
      `${vanishing} of the ${known} datasets of the source ${JSON.stringify(source)} would vanish from the dictionary, ` +
        `${some.join(', ')}${vanishing > some.length ? ' and others' : ''} among them, so nothing was changed. Check the source and the ` +
        'account that reads it. If they are really gone, confirm this harvest; the next one may then end them.',
      { runId, vanishing, known, names: names.slice(0, 20) },
    );
  }
}

/** A run of the source that was asked for differently is not finished. */
export class HarvestUnderWay extends AppError {
  readonly code = 'HARVEST_UNDER_WAY';

  constructor(source: string) {
    super(
      `A harvest of the source ${JSON.stringify(source)} that was asked for differently is under way. Wait until it ends or cancel ` +
        'it, then ask again.',
      { source },
    );
  }
}

/** A run was to be confirmed that does not ask for it. */
export class NothingToConfirm extends AppError {
  readonly code = 'NOTHING_TO_CONFIRM';

  constructor(runId: string, reason: string) {
    super(`This harvest has nothing to confirm: ${reason}. Harvest the source again.`, { runId }, ['runId']);
  }
}
