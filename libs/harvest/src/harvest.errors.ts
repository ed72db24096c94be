import { AppError } from '#kernel';

/** So much would vanish that something is probably wrong with the source, the account or the filter. */
export class HarvestWouldRemoveTooMuch extends AppError {
  readonly code = 'HARVEST_WOULD_REMOVE_TOO_MUCH';

  constructor(source: string, vanishing: number, known: number, names: readonly string[]) {
    const some = names.slice(0, 5).map((name) => JSON.stringify(name));
    super(
      `${vanishing} of the ${known} datasets of the source ${JSON.stringify(source)} would vanish from the dictionary, ` +
        `${some.join(', ')}${vanishing > some.length ? ' and others' : ''} among them, so nothing was changed. Check the source and the ` +
        'account that reads it. If they are really gone, harvest again with confirmRemovals: true.',
      { vanishing, known, names },
    );
  }
}

/** A run of the source that was asked for differently is not finished. */
export class HarvestUnderWay extends AppError {
  readonly code = 'HARVEST_UNDER_WAY';

  constructor(source: string) {
    super(
      `A harvest of the source ${JSON.stringify(source)} that may not remove much is under way. Wait until it ends or cancel it, ` +
        'then confirm the removals again.',
      { source },
      ['confirmRemovals'],
    );
  }
}
