import { AppError } from '#kernel';

/** Several sources have an asset of this name, and nobody said which is meant. */
export class AmbiguousAsset extends AppError {
  readonly code = 'AMBIGUOUS_ASSET';

  constructor(urn: string, sources: readonly string[]) {
    const named = sources.map((source) => JSON.stringify(source)).join(', ');
    super(
      `${sources.length} sources have ${urn}: ${named}. Say which: with sourceId, or --source in a command.`,
      { urn, sources },
      ['sourceId'],
    );
  }
}
