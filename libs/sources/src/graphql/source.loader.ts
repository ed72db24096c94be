import { Injectable } from '@nestjs/common';
import { byKey, perRequest } from '#platform/graphql';

import { type Limits, SourceLimits } from '../source-limits.js';
import { Sources } from '../sources.js';
import { type SourceType, toSourceType } from './sources.types.js';

/** Sources by id, removed ones too, for everything that belongs to one. */
@Injectable()
export class SourceLoader {
  constructor(
    private readonly sources: Sources,
    private readonly sourceLimits: SourceLimits,
  ) {}

  readonly limits = perRequest<Limits>(async (ids) => new Map(await this.sourceLimits.ofSources(ids)));

  readonly byId = perRequest<SourceType>(async (ids) =>
    byKey((await this.sources.ofIds(ids)).map(toSourceType), ({ sourceId }) => sourceId),
  );
}
