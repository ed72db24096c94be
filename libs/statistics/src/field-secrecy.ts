import { Inject, Injectable } from '@nestjs/common';
import { type Level } from '#core/sensitive-data';
import { Levels } from '#dictionary';
import { type Settings, SETTINGS } from '#platform/config';
import { Proposals } from '#sensitivity';

import { type Secrecy, secrecyOf } from './secrecy.js';

/** How secret fields are, by all that is known now. */
@Injectable()
export class FieldSecrecy {
  private readonly unknown: Level;

  constructor(
    private readonly levels: Levels,
    private readonly proposals: Proposals,
    @Inject(SETTINGS) { unknownLevel }: Settings,
  ) {
    this.unknown = unknownLevel;
  }

  async of(fieldIds: readonly string[]): Promise<Map<string, Secrecy>> {
    const stated = new Map((await this.levels.ofFields(fieldIds)).map(({ assetId, level }) => [assetId, level]));
    const proposals = Map.groupBy(await this.proposals.ofFields(fieldIds), ({ fieldId }) => fieldId);
    return new Map(
      fieldIds.map((id) => {
        const suspicions = (proposals.get(id) ?? [])
          .filter(({ state }) => state === 'open' || state === 'accepted')
          .map((proposal) => ({ ...proposal, accepted: proposal.state === 'accepted' }));
        return [id, secrecyOf(stated.get(id) ?? null, suspicions, this.unknown)];
      }),
    );
  }
}
