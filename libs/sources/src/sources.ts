import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { connectorOf } from '#connectors/catalogue';
import { type Connection, type Connector, type Secrets, type TestReport } from '#core/connector-kit';
import { type Actor, decodeCursor, encodeCursor, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { row } from '#platform/database';
import { Vault } from '#platform/secrets';
import { DataSource, QueryFailedError } from 'typeorm';

import { SourceEntity } from './source.entity.js';
import { SourceNameTaken, SourcePaused } from './source.errors.js';
import { sourceRemoved } from './source-removed.event.js';
import { TrustedFolders } from './trusted-folders.js';

export interface SourceWish {
  readonly name: string;
  readonly kind: string;
  /** All settings of the connector, the secret ones among them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Globs of scopes to harvest; null: all. */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
  readonly description: string;
  readonly owner: string;
  readonly domain: string;
  readonly environment: string;
  /** From 0 to 1: the share of its datasets that may vanish in one harvest without anybody's word; 0.2 when not said. */
  readonly removalShare?: number;
  /** From 0 (off) to 1,000: rows of a dataset whose values detectors of sensitive data may look at; 200 when not said. */
  readonly sampleRows?: number;
}

const TEST_DEADLINE_MS = 20_000;

/** The registered systems, and the way into them. */
@Injectable()
export class Sources {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly vault: Vault,
    private readonly folders: TrustedFolders,
  ) {}

  /** Registers a source. It is not asked yet: see {@link test}. @throws {InvalidInput} {@link SourceNameTaken} */
  async register(actor: Actor, wish: SourceWish): Promise<SourceEntity> {
    const connector = connectorOf(wish.kind);
    const name = checkedName(wish.name);
    const removalShare = checkedShare(wish.removalShare ?? 0.2);
    const sampleRows = checkedSampleRows(wish.sampleRows ?? 200);
    const { settings, secrets } = split(connector, wish.settings);
    const checked = checkedSettings(connector, settings);
    await this.folders.check(connector, checked);
    return this.unlessTaken(name, () =>
      this.changes.make(actor, async (change) => {
        const added = await row<{ id: string }>(
          change.tx,
          `
          INSERT INTO sources.source (name, kind, namespace, settings, include, exclude, description, owner, domain,
                                      environment, created_at, changed_at, removal_share, sample_rows)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13) RETURNING id
          `,
          [
            ...[name, wish.kind, connector.namespace(settings), JSON.stringify(checked)],
            ...[wish.include, wish.exclude, wish.description, wish.owner, wish.domain, wish.environment, change.at],
            ...[removalShare, sampleRows],
          ],
        );
        const id = added?.id ?? '';
        await this.keepSecrets(change, id, secrets);
        const source = await change.tx.getRepository(SourceEntity).findOneByOrFail({ id });
        await change.record('source.registered', subjectOf(source), { kind: wish.kind, settings: source.settings });
        return source;
      }),
    );
  }

  /**
   * Changes everything but the kind. A secret setting that is not given keeps its value, as long as the source stays at
   * its address.
   */
  async change(actor: Actor, id: string, wish: Omit<SourceWish, 'kind'>): Promise<SourceEntity> {
    const before = await this.get(id);
    const connector = connectorOf(before.kind);
    const name = checkedName(wish.name);
    const removalShare = checkedShare(wish.removalShare ?? before.removalShare);
    const sampleRows = checkedSampleRows(wish.sampleRows ?? before.sampleRows);
    const { settings, secrets } = split(connector, wish.settings);
    const checked = checkedSettings(connector, settings);
    await this.folders.check(connector, checked);
    await this.refuseToCarryOff(before, connector.namespace(settings), secrets);
    return this.unlessTaken(name, () =>
      this.changes.make(actor, async (change) => {
        await change.tx.query(
          `
          UPDATE sources.source
             SET name = $2, namespace = $3, settings = $4, include = $5, exclude = $6, description = $7, owner = $8,
                 domain = $9, environment = $10, changed_at = $11, removal_share = $12, sample_rows = $13
           WHERE id = $1
          `,
          [
            ...[id, name, connector.namespace(settings), JSON.stringify(checked), wish.include, wish.exclude],
            ...[wish.description, wish.owner, wish.domain, wish.environment, change.at, removalShare, sampleRows],
          ],
        );
        if (Object.keys(secrets).length > 0)
          await this.keepSecrets(change, id, { ...(await this.secretsOf(before)), ...secrets });
        const after = await change.tx.getRepository(SourceEntity).findOneByOrFail({ id });
        await change.record('source.changed', subjectOf(after), {
          before: publicFacts(before),
          after: publicFacts(after),
          secretsChanged: Object.keys(secrets),
        });
        return after;
      }),
    );
  }

  /** Takes a source off the list. What is known of it stays readable as history; its secrets are forgotten. */
  async remove(actor: Actor, id: string): Promise<SourceEntity> {
    const source = await this.get(id);
    return this.changes.make(actor, async (change) => {
      await change.tx.query(`UPDATE sources.source SET removed_at = $2, secrets = NULL WHERE id = $1`, [id, change.at]);
      await change.record('source.removed', subjectOf(source));
      await change.publish(sourceRemoved, { sourceId: id });
      return change.tx.getRepository(SourceEntity).findOneByOrFail({ id });
    });
  }

  /** Stops all reading from a source until it is resumed; what is known of it stays. */
  async pause(actor: Actor, id: string, paused: boolean): Promise<SourceEntity> {
    const source = await this.get(id);
    if ((source.pausedAt !== null) === paused) return source;
    return this.changes.make(actor, async (change) => {
      await change.tx.query(`UPDATE sources.source SET paused_at = $2 WHERE id = $1`, [id, paused ? change.at : null]);
      await change.record(paused ? 'source.paused' : 'source.resumed', subjectOf(source));
      return change.tx.getRepository(SourceEntity).findOneByOrFail({ id });
    });
  }

  /** @throws {SourcePaused} */
  refusePaused({ name, pausedAt }: SourceEntity): void {
    if (pausedAt) throw new SourcePaused(name);
  }

  /** Tries a registered source out. What is wrong comes back in the report's problems. */
  async test(id: string, signal: AbortSignal = new AbortController().signal): Promise<TestReport> {
    const connection = await this.connect(id);
    try {
      return await connection.test({ signal, deadlineMs: TEST_DEADLINE_MS });
    } finally {
      await connection.close();
    }
  }

  /**
   * Tries settings out before they are registered; with `id`, secrets not given are those of that source.
   * @throws {InvalidInput} also when they would be sent to another address than that source's.
   */
  async testSettings(kind: string, given: Readonly<Record<string, unknown>>, id?: string): Promise<TestReport> {
    const connector = connectorOf(kind);
    const { settings, secrets } = split(connector, given);
    await this.folders.check(connector, checkedSettings(connector, settings));
    const source = id === undefined ? undefined : await this.get(id);
    if (source) await this.refuseToCarryOff(source, connector.namespace(settings), secrets);
    const kept = source ? await this.secretsOf(source) : {};
    const connection = await connector.open(settings, { ...kept, ...secrets });
    try {
      return await connection.test({ signal: new AbortController().signal, deadlineMs: TEST_DEADLINE_MS });
    } finally {
      await connection.close();
    }
  }

  /** Opens a reading connection to a source. The caller closes it. @throws {NotFound} {@link SecretLost} */
  async connect(id: string): Promise<Connection> {
    return this.open(await this.get(id));
  }

  /** As {@link connect}, for what may wait until the source is resumed. @throws {NotFound} {@link SourcePaused} */
  async connectUnlessPaused(id: string): Promise<Connection> {
    const source = await this.get(id);
    this.refusePaused(source);
    return this.open(source);
  }

  private async open(source: SourceEntity): Promise<Connection> {
    const connector = connectorOf(source.kind);
    // Also now: the folder may have become a link to somewhere else, or be trusted no more.
    await this.folders.check(connector, source.settings);
    return connector.open(source.settings, await this.secretsOf(source));
  }

  /** @throws {NotFound} also for a source that was removed. */
  async get(id: string): Promise<SourceEntity> {
    const source = await this.db.getRepository(SourceEntity).findOneBy({ id });
    if (!source || source.removedAt) throw new NotFound('source', id);
    return source;
  }

  /** Also removed ones, for a loader. */
  ofIds(ids: readonly string[]): Promise<SourceEntity[]> {
    return this.db
      .getRepository(SourceEntity)
      .createQueryBuilder('source')
      .where('source.id = ANY(:ids)', { ids })
      .getMany();
  }

  /** By name. */
  async list({ first, after }: PageRequest): Promise<Page<SourceEntity>> {
    const query = this.db.getRepository(SourceEntity).createQueryBuilder('source').where('source.removed_at IS NULL');
    const total = await query.getCount();
    if (after !== undefined) query.andWhere('lower(source.name) > :name', { name: decodeCursor('sources', after)[0] });
    const found = await query
      .orderBy('lower(source.name)')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  private async unlessTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (
        error instanceof QueryFailedError &&
        (error.driverError as { constraint?: string }).constraint === 'source_name'
      )
        throw new SourceNameTaken(name);
      throw error;
    }
  }

  private async keepSecrets({ tx }: Change, id: string, secrets: Secrets): Promise<void> {
    const sealed = Object.keys(secrets).length === 0 ? null : this.vault.seal(JSON.stringify(secrets), `source:${id}`);
    await tx.query(`UPDATE sources.source SET secrets = $2 WHERE id = $1`, [id, sealed]);
  }

  /** Whoever may change where a source is must not get its password sent to a server of his own. */
  private async refuseToCarryOff(source: SourceEntity, namespace: string, given: Secrets): Promise<void> {
    if (namespace === source.namespace) return;
    const [missing] = Object.keys(await this.secretsOf(source)).filter((name) => !(name in given));
    if (missing === undefined) return;
    throw new InvalidInput(
      `Give the setting "${missing}" again: what is kept belongs to ${source.namespace} and is not sent to ${namespace}.`,
      [],
      ['settings', missing],
    );
  }

  private async secretsOf({ id, name }: SourceEntity): Promise<Secrets> {
    const found = await row<{ secrets: Buffer | null }>(this.db, `SELECT secrets FROM sources.source WHERE id = $1`, [
      id,
    ]);
    if (!found?.secrets) return {};
    return JSON.parse(this.vault.open(found.secrets, `source:${id}`, `the source "${name}"`)) as Secrets;
  }
}

export const sourceCursor = (source: SourceEntity): string => encodeCursor('sources', [source.name.toLowerCase()]);

const subjectOf = ({ id, name }: SourceEntity): Subject => ({ kind: 'source', id, name });

const publicFacts = (source: SourceEntity) => {
  const { name, settings, include, exclude, description, owner, domain, environment } = source;
  const { removalShare, sampleRows } = source;
  return { name, settings, include, exclude, description, owner, domain, environment, removalShare, sampleRows };
};

function checkedShare(share: number): number {
  if (share >= 0 && share <= 1) return share;
  throw new InvalidInput(
    'The share of datasets that may vanish unasked is a number from 0 to 1.',
    [],
    ['removalShare'],
  );
}

function checkedSampleRows(rows: number): number {
  if (Number.isInteger(rows) && rows >= 0 && rows <= 1_000) return rows;
  throw new InvalidInput(
    'The rows whose values detectors may look at are a whole number from 0 (none) to 1000.',
    [],
    ['sampleRows'],
  );
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > 200)
    throw new InvalidInput('Give the source a name of 1 to 200 characters.', [], ['name']);
  return trimmed;
}

/** Checked settings with their defaults; faults name their place below `settings`. */
function checkedSettings(connector: Connector, settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return connector.checkSettings(settings);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const faults = error.faults.map((fault) => ({ ...fault, path: ['settings', ...fault.path] }));
    throw new InvalidInput(error.message, faults, ['settings', ...error.inputPath]);
  }
}

function split(connector: Connector, given: Readonly<Record<string, unknown>>) {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!connector.secretSettings.includes(name)) settings[name] = value;
    else if (typeof value === 'string' && value !== '') secrets[name] = value;
  }
  return { settings, secrets };
}
