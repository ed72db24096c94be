import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import {
  type CheckFound,
  type Definition,
  reconcile,
  type Reconciled,
  type Sent,
  SideFailed,
  type SideName,
} from '#core/reconciliation';
import { type Actor, AppError, Clock, InvalidInput } from '#kernel';
import { JobStore } from '#platform/queue';
import { Vault } from '#platform/secrets';
import {
  type Asked,
  type DatasetFact,
  DatasetFacts,
  engineFactsOf,
  SECRET_LEVELS,
  SourceLanes,
  SourceReach,
} from '#quality';
import { SourceLimits, Sources } from '#sources';

import { BreakStore, type SeenBreak } from './break.store.js';
import { type StoredCheck } from './reconciliation-run.js';
import { ReconciliationRunStore, type RunEnd } from './reconciliation-run.store.js';
import { type Reconciliation } from './reconciliation.js';
import { ReconciliationStore } from './reconciliation.store.js';

export interface CarryOutCall {
  readonly jobId: string;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message?: string): void;
}

/** Carries out a run: asks both sides, and keeps what was found in one transaction at the end. A killed one begins anew. */
@Injectable()
export class CarryOutReconciliation {
  constructor(
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly store: ReconciliationStore,
    private readonly runs: ReconciliationRunStore,
    private readonly breaks: BreakStore,
    private readonly facts: DatasetFacts,
    private readonly sources: Sources,
    private readonly lanes: SourceLanes,
    private readonly limits: SourceLimits,
    private readonly vault: Vault,
    private readonly jobs: JobStore,
  ) {}

  /** Harmless when done twice. @throws {NotFound}, the signal's reason, and what is a fault of Plumbline itself. */
  async run(runId: string, call: CarryOutCall): Promise<{ readonly verdict: string | null }> {
    if (!(await this.runs.hasEnded(runId))) {
      try {
        await this.compareAndKeep(runId, call);
      } catch (error) {
        if (call.signal.aborted && (await this.jobs.get(call.jobId)).cancelRequestedAt)
          await this.end(runId, call.actor, 'cancelled');
        throw error;
      }
    }
    return { verdict: (await this.runs.get(runId)).verdict };
  }

  private async compareAndKeep(runId: string, call: CarryOutCall): Promise<void> {
    const { versionId } = await this.runs.get(runId);
    const reconciliation = await this.store.ofVersion(versionId);
    const asOf = this.clock.now();
    const sent: Sent[] = [];
    const reaches = new Map<string, SourceReach>();
    try {
      const datasets = await this.facts.ofIds([reconciliation.leftDatasetId, reconciliation.rightDatasetId]);
      const [left, right] = [datasets.get(reconciliation.leftDatasetId)!, datasets.get(reconciliation.rightDatasetId)!];
      const sides = {
        left: await this.sideOf('left', left, reaches, call.signal),
        right: await this.sideOf('right', right, reaches, call.signal),
      };
      const { definition } = reconciliation;
      const found = await reconcile(definition, sides.left, sides.right, {
        ...{ now: asOf, signal: call.signal },
        progress: (share) => call.progress(share),
        onSent: (each) => sent.push(each),
      });
      const secrets = secretsOf(definition, left, right);
      await this.end(runId, call.actor, { asOf, found, secrets, reconciliation, sent: withoutSecrets(sent, secrets) });
    } catch (error) {
      call.signal.throwIfAborted();
      const failed = errorOf(error);
      if (failed === undefined) throw error instanceof SideFailed ? error.cause : error;
      await this.end(runId, call.actor, { asOf, error: failed, reconciliation, sent: sent.filter(isHarmless) });
    } finally {
      await Promise.all([...reaches.values()].map((reach) => reach.close()));
    }
  }

  private async sideOf(
    name: SideName,
    dataset: DatasetFact,
    reaches: Map<string, SourceReach>,
    signal: AbortSignal,
  ): Promise<{ dialect: Asked['dialect']; facts: ReturnType<typeof engineFactsOf>; ask: Asked['ask'] }> {
    try {
      if (!dataset.present) throw goneFrom(dataset);
      const known = reaches.get(dataset.sourceId);
      const reach =
        known ??
        new SourceReach(
          dataset.sourceId,
          (id) => this.sources.connectUnlessPaused(id),
          this.lanes,
          (id) => this.limits.of(id),
          signal,
        );
      reaches.set(dataset.sourceId, reach);
      const asked = await reach.open();
      return { dialect: asked.dialect, facts: engineFactsOf(dataset, asked), ask: asked.ask };
    } catch (error) {
      throw new SideFailed(name, error);
    }
  }

  /** Ends a run once. Does nothing when it has ended. */
  private async end(runId: string, actor: Actor, ending: Ending | 'cancelled'): Promise<void> {
    try {
      await this.changes.make(actor, async (change) => {
        const { tx, at } = change;
        const end = ending === 'cancelled' ? ending : runEndOf(ending);
        if (!(await this.runs.end(tx, runId, end, at))) throw new EndedBefore();
        const turns = ending === 'cancelled' ? undefined : await this.keep(tx, runId, ending, at);
        const { reconciliationId, reconciliationName } = await this.runs.get(runId);
        await change.record(
          'reconciliation-run.finished',
          { kind: 'reconciliation', id: reconciliationId, name: reconciliationName },
          { runId, ...(end === 'cancelled' ? { cancelled: true } : { verdict: end.verdict }), ...turns },
        );
      });
    } catch (error) {
      if (!(error instanceof EndedBefore)) throw error;
    }
  }

  private async keep(tx: Parameters<ReconciliationRunStore['end']>[0], runId: string, ending: Ending, at: Date) {
    await this.runs.keepStatements(tx, runId, ending.sent);
    if (!('found' in ending)) return undefined;
    const { found, secrets, reconciliation } = ending;
    await this.runs.keepChecks(tx, runId, storedChecks(found.checks, reconciliation.definition, secrets));
    if (found.keys === undefined) return undefined;
    const seen = found.breaks.map((each) => this.seen(each, secrets));
    // From a list that is cut nothing can be said about keys that are not on it.
    return this.breaks.keep(tx, { id: runId, reconciliationId: reconciliation.id }, seen, found.keys.complete, at);
  }

  private seen({ key, left, right, ...found }: Reconciled['breaks'][number], secrets: Secrets): SeenBreak {
    const shownOf = (values: typeof left) =>
      values &&
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, secrets.columns.has(name) ? MASK : value]),
      );
    const [here, there] = [shownOf(left), shownOf(right)];
    return {
      ...found,
      ...(here && { left: here }),
      ...(there && { right: there }),
      key: key.map((value, at) => (secrets.keys[at] === true ? MASK : cut(value))),
      print: this.vault.fingerprint(JSON.stringify(key), 'reconciliation key'),
      difference: this.vault.fingerprint(
        JSON.stringify([found.kind, left, right, found.leftRows, found.rightRows]),
        'reconciliation difference',
      ),
    };
  }
}

type Ending = { readonly asOf: Date; readonly reconciliation: Reconciliation; readonly sent: readonly Sent[] } & (
  { readonly found: Reconciled; readonly secrets: Secrets } | { readonly error: NonNullable<RunEnd['error']> }
);

/** Takes the transaction of a second end back. */
class EndedBefore extends Error {}

const MASK = '•••';
const LONGEST_SHOWN = 200;

const cut = (text: string | null): string | null => {
  if (text === null) return null;
  const characters = [...text];
  return characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : text;
};

/** What must not be shown: columns that are secret on either side. */
interface Secrets {
  /** By the place of the key. */
  readonly keys: readonly boolean[];
  /** By their names on the left. */
  readonly columns: ReadonlySet<string>;
}

function secretsOf({ keys = [], columns = [] }: Definition, left: DatasetFact, right: DatasetFact): Secrets {
  const secret = (dataset: DatasetFact, name: string) =>
    SECRET_LEVELS.includes(dataset.fields.find((field) => field.name === name)?.securityLevel ?? '');
  const isSecret = (pair: { readonly left: string; readonly right?: string }) =>
    secret(left, pair.left) || secret(right, pair.right ?? pair.left);
  return {
    keys: keys.map(isSecret),
    columns: new Set([...keys, ...columns].filter(isSecret).map(({ left: name }) => name)),
  };
}

/** Statements that name no keys, not even by a hash, from which a short key could be guessed. */
const isHarmless = ({ purpose }: Sent): boolean => purpose !== 'values';

const withoutSecrets = (sent: readonly Sent[], { keys }: Secrets): Sent[] =>
  sent.map((each) =>
    isHarmless(each) || !keys.includes(true)
      ? each
      : { ...each, sql: each.sql.replace(/ IN \([^()]*\)(?=(\n ORDER BY r\.k)?$)/, ' IN (/* hashes of keys */)') },
  );

function storedChecks(checks: readonly CheckFound[], definition: Definition, { columns }: Secrets): StoredCheck[] {
  return checks.map(({ groups, ...check }, position) => {
    const asked = definition.checks[position]!;
    const by = asked.kind === 'groups' ? asked.by : [];
    const withheld = by.filter((name) => columns.has(name));
    return {
      ...check,
      groups:
        groups === undefined
          ? null
          : {
              ...{ all: groups.all, differing: groups.differing, withheld },
              found: groups.found.map((each) => ({
                ...each,
                group: each.group.map((value, at) => (columns.has(by[at]!) ? MASK : cut(value))),
              })),
            },
    };
  });
}

function runEndOf(ending: Ending): RunEnd {
  const { asOf } = ending;
  if ('error' in ending) return { verdict: 'error', asOf, error: ending.error };
  const { verdict, cutoff, leftRows, rightRows, keys } = ending.found;
  return { verdict, asOf, leftRows, rightRows, ...(cutoff && { cutoff }), ...(keys && { keys }) };
}

/** What is wrong with a side or with the definition, as people are told; undefined for a fault of Plumbline itself. */
function errorOf(error: unknown): RunEnd['error'] {
  if (error instanceof SideFailed) {
    const { cause, side } = error;
    return cause instanceof AppError ? { side, code: cause.code, message: cause.message } : undefined;
  }
  return error instanceof InvalidInput ? { code: error.code, message: error.message } : undefined;
}

const goneFrom = ({ sourceName, qualifiedName }: DatasetFact): InvalidInput =>
  new InvalidInput(`The source ${JSON.stringify(sourceName)} has ${qualifiedName} no more.`);
