import { AppError } from '#kernel';

/** Two sources of one name would be mixed up. */
export class SourceNameTaken extends AppError {
  readonly code = 'SOURCE_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a source ${JSON.stringify(name)} already. Choose another name.`, { name }, ['name']);
  }
}

/** Somebody has paused the source. */
export class SourcePaused extends AppError {
  readonly code = 'SOURCE_PAUSED';

  constructor(source: string) {
    super(`The source ${JSON.stringify(source)} is paused, so nothing is read from it. Resume it, then ask again.`, {
      source,
    });
  }
}
