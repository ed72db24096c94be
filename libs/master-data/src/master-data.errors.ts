import { AppError } from '#kernel';

/** Two entities of one code would be mixed up. */
export class EntityCodeTaken extends AppError {
  readonly code = 'ENTITY_CODE_TAKEN';

  constructor(code: string) {
    super(`There is a master entity ${JSON.stringify(code)} already. Choose another code.`, { code }, ['code']);
  }
}

/** Golden records cannot be made yet. */
export class EntityNotMapped extends AppError {
  readonly code = 'ENTITY_NOT_MAPPED';

  constructor(entity: string, key: string) {
    super(
      `The entity ${entity} has no dataset with a field for its match key ${key}. Map one first (mapMasterAttribute).`,
      { entity, key },
    );
  }
}

/** Rows that nothing tells apart cannot be read portion by portion. */
export class RowsWithoutKey extends AppError {
  readonly code = 'ROWS_WITHOUT_KEY';

  constructor(dataset: string, most: number) {
    super(
      `${dataset} has no primary key, and more than ${most} of its rows have the same identifier or none. Give it a ` +
        'primary or unique key and harvest it, or map another dataset.',
      { dataset, most },
    );
  }
}

/** A later build has taken over. */
export class BuildOverrun extends AppError {
  readonly code = 'BUILD_OVERRUN';

  constructor() {
    super('Another build of the same entity began meanwhile; this one keeps nothing. See that one’s result.');
  }
}
