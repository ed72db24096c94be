import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { highestLevel } from '#core/sensitive-data';
import { Entries, type SecurityLevel } from '#dictionary';
import { type Actor, Conflict, decodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type ProposalFilter, type ProposalRow, type ProposalState } from './proposal.js';

const PROPOSAL = `
  SELECT proposal.id, dataset.source_id AS "sourceId", dataset.id AS "datasetId", field.id AS "fieldId",
         dataset.qualified_name AS "qualifiedName", field.name AS "fieldName", proposal.category, proposal.level,
         proposal.template, proposal.score::float8 AS score, proposal.masked, proposal.reasons,
         proposal.detector_version AS "detectorVersion", proposal.state, proposal.proposed_at AS "proposedAt",
         proposal.decided_at AS "decidedAt", proposal.decided_by AS "decidedBy"
    FROM sensitivity.proposal
    JOIN dictionary.field ON field.id = proposal.field_id
    JOIN dictionary.dataset ON dataset.id = field.dataset_id
`;

/** How many proposals of a source are in which state. */
export interface ProposalCount {
  readonly sourceId: string;
  readonly state: ProposalState;
  readonly proposals: number;
  readonly fields: number;
}

/** What is proposed, and what people decide on it. */
@Injectable()
export class Proposals {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly entries: Entries,
  ) {}

  /** @throws {NotFound} */
  async get(id: string): Promise<ProposalRow> {
    const [found] = await this.ofIds([id]);
    if (!found) throw new NotFound('proposal', id);
    return found;
  }

  ofIds(ids: readonly string[]): Promise<ProposalRow[]> {
    return rows(this.db, `${PROPOSAL} WHERE proposal.id = ANY($1)`, [ids]);
  }

  /** Of some fields, whatever became of them, the likeliest first; for a loader. */
  ofFields(ids: readonly string[]): Promise<ProposalRow[]> {
    return rows(
      this.db,
      `${PROPOSAL} WHERE proposal.field_id = ANY($1) ORDER BY proposal.score DESC, proposal.id DESC`,
      [ids],
    );
  }

  /** The likeliest first. */
  async list(filter: ProposalFilter, { first, after }: PageRequest): Promise<Page<ProposalRow>> {
    const { where, params } = conditionsOf(filter);
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM (${PROPOSAL} WHERE ${where}) AS found`,
      params,
    );
    const beyond = after === undefined ? [] : decodeCursor('proposals', after);
    const [score, id] = [params.length + 1, params.length + 2];
    const found = await rows<ProposalRow>(
      this.db,
      `
      ${PROPOSAL}
       WHERE ${where}
         ${after === undefined ? '' : `AND (proposal.score, proposal.id) < ($${score}::numeric, $${id}::uuid)`}
       ORDER BY proposal.score DESC, proposal.id DESC
       LIMIT ${first + 1}
      `,
      [...params, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** Counts by source and state, for a loader. */
  countsOf(sourceIds: readonly string[]): Promise<ProposalCount[]> {
    return rows(
      this.db,
      `
      SELECT "sourceId", state, count(*)::int AS proposals, count(DISTINCT "fieldId")::int AS fields
        FROM (${PROPOSAL} WHERE dataset.source_id = ANY($1)) AS known
       GROUP BY "sourceId", state
      `,
      [sourceIds],
    );
  }

  /**
   * Decides on proposals, all or nothing. Accepting gives each field at least the proposed level; a higher one that it
   * has stays. Rejecting leaves levels alone and is for ever: the category is not proposed of the field again. A
   * decision can be changed by the opposite one; a level that came from it is then left to people.
   * @throws {NotFound} {@link Conflict} when one was withdrawn or decided so meanwhile.
   */
  async decide(actor: Actor, ids: readonly string[], accepted: boolean): Promise<ProposalRow[]> {
    const state = accepted ? 'accepted' : 'rejected';
    await this.changes.make(actor, async (change) => {
      const proposals = await rows<ProposalRow>(
        change.tx,
        `${PROPOSAL} WHERE proposal.id = ANY($1) ORDER BY proposal.id FOR UPDATE OF proposal`,
        [ids],
      );
      const missing = ids.find((id) => !proposals.some((proposal) => proposal.id === id));
      if (missing !== undefined) throw new NotFound('proposal', missing);
      const stuck = proposals.find((proposal) => proposal.state === state || proposal.state === 'withdrawn');
      if (stuck)
        throw new Conflict(
          `The proposal that ${nameOf(stuck)} holds ${stuck.category} is ${stuck.state} already. Read the list again.`,
          { id: stuck.id, state: stuck.state },
        );
      await change.tx.query(
        `UPDATE sensitivity.proposal SET state = $2, decided_at = $3, decided_by = $4 WHERE id = ANY($1)`,
        [ids, state, change.at, actor.name],
      );
      if (accepted) await this.raiseLevels(change, proposals);
      await record(change, state, proposals);
    });
    return this.ofIds(ids);
  }

  private async raiseLevels(change: Change, proposals: readonly ProposalRow[]): Promise<void> {
    const proposed = new Map<string, SecurityLevel>();
    for (const { fieldId, level } of proposals)
      proposed.set(fieldId, highestLevel([proposed.get(fieldId), level]) ?? level);
    const said = new Map(
      (await this.entries.ofFields([...proposed.keys()])).map(({ fieldId, securityLevel }) => [fieldId, securityLevel]),
    );
    const wishes = [...proposed].map(([id, level]) => ({
      asset: { kind: 'field', id } as const,
      securityLevel: highestLevel([said.get(id), level]),
    }));
    await this.entries.describeWithin(change, wishes, 'proposal');
  }
}

const nameOf = ({ qualifiedName, fieldName }: ProposalRow) => `${qualifiedName}#${fieldName}`;

/** One audit entry, with the list when there are several. */
async function record(change: Change, state: string, proposals: readonly ProposalRow[]): Promise<void> {
  const [first] = proposals;
  if (!first) return;
  const facts = proposals.map((proposal) => ({
    id: proposal.id,
    field: nameOf(proposal),
    category: proposal.category,
    level: proposal.level,
    before: proposal.state,
  }));
  await change.record(
    `sensitivity.${state}`,
    { kind: 'proposal', id: first.id, name: proposals.length === 1 ? nameOf(first) : `${proposals.length} proposals` },
    { proposals: facts },
  );
}

function conditionsOf(filter: ProposalFilter): { where: string; params: unknown[] } {
  const params: unknown[] = [];
  const place = (value: unknown) => `$${params.push(value)}`;
  const conditions = ['true'];
  const { sourceId, datasetId, category, level, state, minScore } = filter;
  if (sourceId !== undefined) conditions.push(`dataset.source_id = ${place(sourceId)}`);
  if (datasetId !== undefined) conditions.push(`dataset.id = ${place(datasetId)}`);
  if (category !== undefined) conditions.push(`proposal.category = ${place(category)}`);
  if (level !== undefined) conditions.push(`proposal.level = ${place(level)}`);
  if (state !== undefined) conditions.push(`proposal.state = ${place(state)}`);
  if (minScore !== undefined) conditions.push(`proposal.score >= ${place(minScore)}`);
  return { where: conditions.join(' AND '), params };
}
