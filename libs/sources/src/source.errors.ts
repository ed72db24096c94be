import { AppError } from '#kernel';

/** Two sources of one name would be mixed up. */
export class SourceNameTaken extends AppError {
  readonly code = 'SOURCE_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a source ${JSON.stringify(name)} already. Choose another name.`, { name }, ['name']);
  }
}
