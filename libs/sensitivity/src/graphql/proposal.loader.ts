import { Injectable } from '@nestjs/common';
import { groupedBy, perRequest } from '#platform/graphql';

import { Proposals } from '../proposals.js';
import { type SensitiveCountsType, type SensitiveProposalType, toSensitiveProposalType } from './proposal.types.js';

@Injectable()
export class SensitiveProposalLoader {
  constructor(private readonly proposals: Proposals) {}

  readonly ofField = perRequest<SensitiveProposalType[]>(async (ids) =>
    groupedBy(ids, (await this.proposals.ofFields(ids)).map(toSensitiveProposalType), ({ fieldId }) => fieldId),
  );

  readonly countsOf = perRequest<SensitiveCountsType>(async (ids) => {
    const found = groupedBy(ids, await this.proposals.countsOf(ids), ({ sourceId }) => sourceId);
    return new Map(
      [...found].map(([id, counts]) => {
        const of = (wanted: string) => counts.find(({ state }) => state === wanted);
        return [
          id,
          {
            open: of('open')?.proposals ?? 0,
            openFields: of('open')?.fields ?? 0,
            accepted: of('accepted')?.proposals ?? 0,
            rejected: of('rejected')?.proposals ?? 0,
          },
        ];
      }),
    );
  });
}
