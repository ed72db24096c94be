import { Injectable } from '@nestjs/common';
import { Entries, type EntryEntity, type EntryWish } from '#dictionary';
import { Conflict, systemActor } from '#kernel';

import { type PlannedDescription } from './edges-of.js';

/** Who says what a dbt project says. What somebody else has written stays. */
const DBT = systemActor('dbt');
const AT_ONCE = 500;
const LONGEST = 20_000;

/** Brings descriptions of models and columns to the dictionary, where no person has said anything. */
@Injectable()
export class PipelineDescriptions {
  constructor(private readonly entries: Entries) {}

  async keep(all: readonly PlannedDescription[]): Promise<void> {
    // Of two projects that describe one table, the last.
    const each = [...new Map(all.map((one) => [one.asset.id, one])).values()];
    for (let from = 0; from < each.length; from += AT_ONCE) await this.keepSome(each.slice(from, from + AT_ONCE));
  }

  private async keepSome(descriptions: readonly PlannedDescription[], attempt = 1): Promise<void> {
    const idsOf = (kind: 'dataset' | 'field') =>
      descriptions.filter(({ asset }) => asset.kind === kind).map(({ asset }) => asset.id);
    const said = new Map<string, EntryEntity>();
    for (const entry of [
      ...(await this.entries.ofDatasets(idsOf('dataset'))),
      ...(await this.entries.ofFields(idsOf('field'))),
    ])
      said.set(entry.datasetId ?? entry.fieldId ?? '', entry);
    const wishes = descriptions.flatMap(({ asset, text }): EntryWish[] => {
      const entry = said.get(asset.id);
      const definition = textOf(text);
      if (definition === '' || definition === entry?.definition || (entry && !mayReplace(entry))) return [];
      return [{ asset, definition, expectedRevision: entry?.revision ?? 0 }];
    });
    if (wishes.length === 0) return;
    try {
      await this.entries.describe(DBT, wishes, 'import');
    } catch (error) {
      // Somebody wrote at the same moment: what he wrote is looked at again.
      if (!(error instanceof Conflict) || attempt === 3) throw error;
      await this.keepSome(descriptions, attempt + 1);
    }
  }
}

const mayReplace = ({ definition, origin, changedBy }: EntryEntity): boolean =>
  definition === '' || (origin === 'import' && changedBy === DBT.name);

const textOf = (text: string): string =>
  text
    .replace(/[\u0000]|\p{Surrogate}/gu, '')
    .trim()
    .slice(0, LONGEST)
    .trim();
