import { Injectable } from '@nestjs/common';
import { Changes, type Subject } from '#audit';
import { connectorOf } from '#connectors/catalogue';
import { quoteName } from '#core/connector-kit';
import { checkDefinition, type Definition, type Proposal, suggest } from '#core/reconciliation';
import { type Actor, Clock, InvalidInput, type Page, type PageRequest } from '#kernel';
import { rows } from '#platform/database';
import { type ScheduleEntity, ScheduleStore } from '#platform/queue';
import { type DatasetFact, DatasetFacts, engineFactsOf, keyColumnsOf } from '#quality';
import { DataSource, QueryFailedError } from 'typeorm';

import { reconcileWhenDue } from './reconcile.job.js';
import { NothingInCommon, ReconciliationNameTaken, ReconciliationRetired } from './reconciliation.errors.js';
import { type ReconciliationFilter, ReconciliationStore } from './reconciliation.store.js';
import { type Reconciliation, type ReconciliationTimes, type ReconciliationWish } from './reconciliation.js';

const LONGEST_NAME = 200;

/** What is to be compared with what: definitions with their versions and schedules. */
@Injectable()
export class Reconciliations {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly store: ReconciliationStore,
    private readonly facts: DatasetFacts,
    private readonly schedules: ScheduleStore,
  ) {}

  /** @throws {InvalidInput} {@link ReconciliationNameTaken} */
  async add(actor: Actor, wish: ReconciliationWish): Promise<Reconciliation> {
    const { name, definition } = await this.checked(wish);
    const id = await unlessTaken(name, () =>
      this.changes.make(actor, async (change) => {
        const { tx, at } = change;
        const id = await this.store.insert(tx, name, at);
        await this.store.putVersion(tx, id, 1, trimmed(wish), definition, { at, by: actor.name });
        await change.record('reconciliation.added', subjectOf({ id, name }), { number: 1, definition });
        return id;
      }),
    );
    return this.store.get(id);
  }

  /** A new version; runs that were asked for before keep theirs. @throws {NotFound} {@link ReconciliationRetired} {@link InvalidInput} */
  async change(actor: Actor, id: string, wish: ReconciliationWish): Promise<Reconciliation> {
    const before = await this.usable(id);
    const { name, definition } = await this.checked(wish);
    await unlessTaken(name, () =>
      this.changes.make(actor, async (change) => {
        const { tx, at } = change;
        const number = await this.store.nextNumber(tx, id, name);
        await this.store.putVersion(tx, id, number, trimmed(wish), definition, { at, by: actor.name });
        await change.record('reconciliation.changed', subjectOf({ id, name }), {
          number,
          before: { name: before.name, definition: before.definition },
          after: { name, definition },
        });
      }),
    );
    return this.store.get(id);
  }

  /** It runs no more; what it found stays. @throws {NotFound} {@link ReconciliationRetired} */
  async retire(actor: Actor, id: string): Promise<Reconciliation> {
    const found = await this.usable(id);
    await this.changes.make(actor, async (change) => {
      await this.store.retire(change.tx, id, change.at);
      await this.schedules.remove(change.tx, reconcileWhenDue, id);
      await change.record('reconciliation.retired', subjectOf(found));
    });
    return this.store.get(id);
  }

  /** Sets when it runs; null: no more by itself. @throws {NotFound} {@link ReconciliationRetired} {@link InvalidInput} */
  async schedule(actor: Actor, id: string, times: ReconciliationTimes | null): Promise<Reconciliation> {
    const found = await this.usable(id);
    await this.changes.make(actor, async (change) => {
      const subject = subjectOf(found);
      if (times === null) await this.schedules.remove(change.tx, reconcileWhenDue, id);
      else
        await this.schedules.put(change.tx, {
          ...{ contract: reconcileWhenDue, payload: { reconciliationId: id }, subject, actor },
          ...{ cron: times.cron, timeZone: times.timeZone, enabled: times.enabled },
        });
      await change.record('reconciliation.scheduled', subject, { ...times });
    });
    return found;
  }

  schedulesOf(ids: readonly string[]): Promise<ScheduleEntity[]> {
    return this.schedules.ofSubjects(reconcileWhenDue.name, ids);
  }

  /**
   * Proposes keys, columns and checks for two datasets, from column-level lineage between them and from names.
   * @throws {NothingInCommon} {@link InvalidInput}
   */
  async suggest(leftDatasetId: string, rightDatasetId: string): Promise<Proposal> {
    const [left, right] = await this.both(leftDatasetId, rightDatasetId);
    const flows = await rows<{ left: string; right: string; copied: boolean }>(this.db, FLOWS, [left.id, right.id]);
    const proposal = suggest(proposableOf(left), proposableOf(right), flows);
    if (proposal === undefined) throw new NothingInCommon(left.qualifiedName, right.qualifiedName);
    return proposal;
  }

  get(id: string): Promise<Reconciliation> {
    return this.store.get(id);
  }

  ofIds(ids: readonly string[]): Promise<Reconciliation[]> {
    return this.store.ofIds(ids);
  }

  list(filter: ReconciliationFilter, page: PageRequest): Promise<Page<Reconciliation>> {
    return this.store.list(filter, page);
  }

  /** One that still runs. @throws {NotFound} {@link ReconciliationRetired} */
  async usable(id: string): Promise<Reconciliation> {
    const found = await this.store.get(id);
    if (found.retiredAt !== null) throw new ReconciliationRetired(found.name);
    return found;
  }

  private async checked(wish: ReconciliationWish): Promise<{ name: string; definition: Definition }> {
    const name = wish.name.trim();
    if (name === '' || name.length > LONGEST_NAME)
      throw new InvalidInput(`Give the reconciliation a name of 1 to ${LONGEST_NAME} characters.`, [], ['name']);
    const [left, right] = await this.both(wish.leftDatasetId, wish.rightDatasetId);
    try {
      return { name, definition: checkDefinition(wish.definition, sideOf(left), sideOf(right), this.clock.now()) };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const faults = error.faults.map(({ path, message }) => ({ path: ['definition', ...path], message }));
      throw new InvalidInput(error.message, faults);
    }
  }

  private async both(leftId: string, rightId: string): Promise<[DatasetFact, DatasetFact]> {
    const found = await this.facts.ofIds([leftId, rightId]);
    const one = (id: string, place: string) => {
      const dataset = found.get(id);
      if (dataset?.present === true) return dataset;
      const message =
        dataset === undefined
          ? 'there is no dataset with this id'
          : `the source ${JSON.stringify(dataset.sourceName)} has ${dataset.qualifiedName} no more`;
      throw new InvalidInput(`The reconciliation cannot be used: ${message}.`, [{ path: [place], message }]);
    };
    return [one(leftId, 'leftDatasetId'), one(rightId, 'rightDatasetId')];
  }
}

/** Without asking the source: enough to see whether statements can be written. */
function sideOf(dataset: DatasetFact) {
  const { dialect } = connectorOf(dataset.sourceKind);
  const relation = (scope: string, name: string) => quoteName(dialect, scope, name);
  return { dialect, facts: engineFactsOf(dataset, { dialect, relation }) };
}

/** Column-level flows from one dataset to another, through at most six steps. */
const FLOWS = `
  WITH RECURSIVE flow AS (
    SELECT node.field_id AS origin, node.id AS node, true AS copied, 0 AS steps
      FROM lineage.node WHERE node.dataset_id = $1 AND node.field_id IS NOT NULL
    UNION
    SELECT flow.origin, edge.dst, flow.copied AND edge.subtype IS NOT DISTINCT FROM 'IDENTITY', flow.steps + 1
      FROM flow
      JOIN lineage.edge ON edge.src = flow.node AND edge.kind = 1 AND edge.recorded_to = 'infinity'
                       AND edge.valid_to = 'infinity'
     WHERE flow.steps < 6
  )
  SELECT source.name AS left, target.name AS right, bool_or(flow.copied) AS copied
    FROM flow
    JOIN lineage.node ON node.id = flow.node AND node.dataset_id = $2
    JOIN dictionary.field AS source ON source.id = flow.origin
    JOIN dictionary.field AS target ON target.id = node.field_id
   WHERE flow.steps > 0
   GROUP BY source.name, target.name
   ORDER BY source.name, min(flow.steps), target.name`;

const proposableOf = (dataset: DatasetFact) => ({
  name: dataset.qualifiedName,
  columns: dataset.fields.map(({ name, typeFamily }) => ({ name, typeFamily })),
  key: keyColumnsOf(dataset),
});

export const subjectOf = ({ id, name }: Pick<Reconciliation, 'id' | 'name'>): Subject => ({
  kind: 'reconciliation',
  id,
  name,
});

const trimmed = <W extends ReconciliationWish>(wish: W): W => ({
  ...wish,
  description: wish.description.trim(),
  owner: wish.owner.trim(),
});

async function unlessTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const taken =
      error instanceof QueryFailedError &&
      (error.driverError as { constraint?: string }).constraint === 'reconciliation_name';
    throw taken ? new ReconciliationNameTaken(name) : error;
  }
}
