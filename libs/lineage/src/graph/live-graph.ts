import { Inject, Injectable, Logger } from '@nestjs/common';
import { CompactGraph, GraphBuilder } from '#core/lineage-graph';
import { messageOf } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { row, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { EdgesStore, type Snapshot } from './edges.store.js';
import { MemoryWalker } from './memory-walker.js';
import { SqlWalker } from './sql-walker.js';
import { type Walker } from './walker.js';

/** One reading of the catalog: everything in it is as one snapshot of the database has it. */
export interface GraphReading {
  readonly tx: Tx;
  /** The database's clock when the reading began: all that was committed before is in it. */
  readonly at: Date;
  readonly walker: Walker;
}

interface Held {
  readonly graph: CompactGraph;
  /** All that this snapshot sees is in the graph, and nothing else. */
  snapshot: Snapshot;
  /** When that was, by the database's clock. */
  at: Date;
  /** Grows with every change. */
  version: number;
}

/** Pages of the table of edges that are read at once: about 150,000 edges. */
const PAGES = 4_096;
const TRIES = 4;
/** What changed is told for a day; a graph that is older than half of one may have missed something. */
const OLDEST_MS = 12 * 3_600_000;
const WAIT_AFTER_TOO_LARGE_MS = 600_000;

/**
 * The graph in memory, brought level with the database before each answer, in the transaction that answers. While it is not
 * there (the process has just begun, too much has changed, it is larger than it may be) the database itself is asked: slower,
 * and the same.
 */
@Injectable()
export class LiveGraph {
  private readonly logger = new Logger('Lineage');
  private held: Held | undefined;
  private loading: Promise<void> | undefined;
  private tooLargeUntil = 0;

  constructor(
    private readonly db: DataSource,
    private readonly edges: EdgesStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Begins to read the graph, so that the first question finds it; waits until it is there or cannot be. */
  async warm(): Promise<void> {
    if (!this.held) this.load();
    await this.loading;
  }

  /** What is in memory, for the metrics. */
  get size(): { readonly edges: number; readonly bytes: number } {
    const { edgeCount = 0, bytes = 0 } = this.held?.graph ?? {};
    return { edges: edgeCount, bytes };
  }

  /** Runs a question. It may run again, when another one has brought the graph further in the meantime. */
  async read<T>(ask: (reading: GraphReading) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < TRIES; tries++)
      try {
        return await this.snapshotOf(async (tx) => ask(await this.reading(tx)));
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
      }
    return this.snapshotOf(async (tx) => ask({ tx, at: await clockOf(tx), walker: new SqlWalker(tx) }));
  }

  private snapshotOf<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction('REPEATABLE READ', work);
  }

  private async reading(tx: Tx): Promise<GraphReading> {
    const held = this.held;
    if (!held) {
      this.load();
      return { tx, at: await clockOf(tx), walker: new SqlWalker(tx) };
    }
    const { version } = held;
    const { snapshot, at, ids } = await this.edges.changesSince(tx, held.snapshot);
    if (ids === null || at.getTime() - held.at.getTime() > OLDEST_MS) {
      this.forget(held);
      return { tx, at, walker: new SqlWalker(tx) };
    }
    const changed = [...new Set([...ids.added, ...ids.closed])];
    const rows = changed.length === 0 ? [] : await this.edges.edges(tx, changed);
    if (this.held !== held || held.version !== version) throw new Moved();
    for (const { id, src, dst, holding } of rows)
      if (ids.added.has(id)) held.graph.add(src, dst, holding);
      else if (!held.graph.change(src, dst, { ...holding, recordedTo: Infinity }, holding)) {
        this.forget(held);
        return { tx, at, walker: new SqlWalker(tx) };
      }
    held.snapshot = snapshot;
    held.at = at;
    if (rows.length > 0) held.version += 1;
    const now = held.version;
    const graph = () => {
      if (held.version !== now) throw new Moved();
      return held.graph;
    };
    return { tx, at, walker: new MemoryWalker(graph, at) };
  }

  /** Somebody else may have put another one in its place. */
  private forget(held: Held): void {
    if (this.held === held) this.held = undefined;
    this.load();
  }

  private load(): void {
    if (this.loading || Date.now() < this.tooLargeUntil) return;
    this.loading = this.fetch()
      .catch((error: unknown) => {
        this.logger.warn(`The lineage graph could not be read into memory: ${messageOf(error)}`);
      })
      .finally(() => {
        this.loading = undefined;
      });
  }

  private async fetch(): Promise<void> {
    const most = this.settings.lineageGraphMb * 1_000_000;
    if (most === 0) return;
    await this.snapshotOf(async (tx) => {
      const { snapshot, at, pages } = await this.edges.snapshot(tx);
      const builder = new GraphBuilder();
      for (let page = 0; page < pages; page += PAGES) {
        for (const { holding, pairs } of await this.edges.lots(tx, page, page + PAGES)) builder.add(holding, pairs);
        if (builder.bytes <= most) continue;
        this.tooLargeUntil = Date.now() + WAIT_AFTER_TOO_LARGE_MS;
        this.logger.warn(
          `The lineage graph has more than ${builder.count} edges and does not fit into ${this.settings.lineageGraphMb} MB; questions are answered by the database, more slowly. The setting lineageGraphMb allows more.`,
        );
        return;
      }
      this.held = { graph: CompactGraph.of(builder), snapshot, at, version: 0 };
    });
  }
}

/** The graph in memory is newer than the snapshot of this transaction. */
class Moved extends Error {}

async function clockOf(tx: Tx): Promise<Date> {
  const found = await row<{ at: Date }>(tx, 'SELECT now() AS at');
  if (!found) throw new Error('The database does not tell the time.');
  return found.at;
}
