import { Injectable } from '@nestjs/common';
import { Changes, type Subject } from '#audit';
import {
  atOrigin,
  type ExtractTask,
  extractOffThread,
  extractViewOffThread,
  fill,
  type ScriptLineage,
  SQL_DIALECTS,
  type SqlDialect,
  type TaskThreads,
} from '#core/sql-lineage';
import { type ForeignTable } from '#core/connector-kit';
import { type Actor, Clock, NotFound } from '#kernel';
import { row } from '#platform/database';
import { type SourceEntity, Sources } from '#sources';
import { DataSource } from 'typeorm';

import { DeclaredStore } from './declared.store.js';
import { digestOf } from './digest.js';
import { factsOf, foreignEdges, type ScriptFacts } from './edges-of.js';
import { type Endpoint } from './endpoint.js';
import {
  columnIn,
  type FieldName,
  type Nameable,
  NamedDatasets,
  type ScriptHome,
  ScriptNames,
} from './named-datasets.js';
import { fullName, NamesStore } from './names.store.js';
import {
  differenceOf,
  edgesByDigest,
  type Reading,
  reportsByDigest,
  statementsByDigest,
  unresolvedIn,
} from './reading.js';
import { PipelineDescriptions } from './pipeline-descriptions.js';
import { PipelineReader } from './pipeline-reader.js';
import { ReadingStore } from './reading.store.js';
import { searchPathOf } from './routine-script.sql.js';
import { ScriptStore, type ScriptText } from './script.store.js';

/** Part of every reading's digest: raise it when the same texts are to be read again, with another result. */
const READER = 2;

/** Scripts read and kept at once. */
const BATCH = 100;

/** What a job has done. */
export interface ReadingTotals {
  /** Scripts looked at, and those that had to be read. */
  readonly scripts: number;
  readonly read: number;
  readonly edgesAdded: number;
  readonly edgesClosed: number;
  /** Edges of the scripts that were read that touch something the catalog does not know. */
  readonly unresolvedEdges: number;
}

/** With the statements of the source's views (or imported scripts), by status. */
export interface ReadingReport extends ReadingTotals {
  readonly statements: Readonly<Record<string, number>>;
}

export interface ReadingWork {
  readonly threads: TaskThreads;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message?: string): void;
}

const NOTHING: ReadingTotals = { scripts: 0, read: 0, edgesAdded: 0, edgesClosed: 0, unresolvedEdges: 0 };

/** Reads scripts, views, foreign tables and stored routines, and keeps what they say of the flow of data. */
@Injectable()
export class LineageReader {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly names: NamesStore,
    private readonly declared: DeclaredStore,
    private readonly scripts: ScriptStore,
    private readonly readings: ReadingStore,
    private readonly pipelines: PipelineReader,
    private readonly descriptions: PipelineDescriptions,
  ) {}

  /** Reads what a source declares now, and the scripts anywhere that name something of it. */
  async readDeclared(sourceId: string, work: ReadingWork): Promise<ReadingReport> {
    const source = await this.sources.get(sourceId);
    await this.followDeclared(work.actor, source);
    const found = await this.scripts.dependingOn(sourceId);
    const totals = await this.read(
      subjectOf(source),
      found.map(({ id }) => id),
      work,
    );
    const declared = found.filter(({ isDeclared }) => isDeclared).map(({ id }) => id);
    return { ...totals, statements: await this.scripts.totals(declared) };
  }

  /** Reads the scripts that were imported for a source. */
  async readImported(sourceId: string, work: ReadingWork): Promise<ReadingReport> {
    return this.readScripts(await this.sources.get(sourceId), await this.scripts.imported(sourceId), work);
  }

  /** Reads scripts of a source. */
  async readScripts(source: SourceEntity, ids: readonly string[], work: ReadingWork): Promise<ReadingReport> {
    const totals = await this.read(subjectOf(source), ids, work);
    return { ...totals, statements: await this.scripts.totals(ids) };
  }

  /** Reads the pipelines that an import gave or took away. */
  async readPipelines(importId: string, work: ReadingWork): Promise<ReadingReport> {
    const ids = await this.scripts.ofImport(importId);
    const totals = await this.read({ kind: 'pipelines', id: importId, name: `${ids.length} pipelines` }, ids, work);
    return { ...totals, statements: await this.scripts.totals(ids) };
  }

  /** Brings the scripts of a source's views, foreign tables and routines level with the dictionary. They are not read yet. */
  private async followDeclared(actor: Actor, source: SourceEntity): Promise<void> {
    const dialect = dialectOfSource(source.kind);
    const { added, changed, vanished } = await this.declared.changes(source.id, dialect);
    if (added + changed + vanished === 0) return;
    await this.changes.make(actor, async (change) => {
      await this.declared.follow(change.tx, source.id, dialect, change.at);
      await change.record('lineage.declarations-followed', subjectOf(source), { added, changed, vanished });
    });
  }

  /** Reads those of the scripts that would now say something else than when they were last read. */
  private async read(subject: Subject, scriptIds: readonly string[], work: ReadingWork): Promise<ReadingTotals> {
    const asOf = (await row<{ at: Date }>(this.db, 'SELECT clock_timestamp() AS at'))?.at ?? this.clock.now();
    const places: Places = new Map();
    let totals = NOTHING;
    for (let from = 0; from < scriptIds.length; from += BATCH) {
      work.signal.throwIfAborted();
      work.progress(from / scriptIds.length, `${from} of ${scriptIds.length} scripts`);
      const texts = await this.scripts.texts(scriptIds.slice(from, from + BATCH));
      const found = [
        ...(await this.readForeign(texts)),
        ...(await this.readSql(texts, places, work)),
        ...(await this.readPipelineFiles(texts, work)),
      ];
      if (found.length > 0) totals = sum(totals, await this.keep(subject, found, work.actor, asOf));
      await this.descriptions.keep(found.flatMap(({ descriptions = [] }) => descriptions));
    }
    return { ...totals, scripts: scriptIds.length };
  }

  private async readForeign(texts: readonly ScriptText[]): Promise<Reading[]> {
    const foreign = texts
      .filter(({ origin }) => origin === 'foreign_table')
      .map((text) => ({ text, of: JSON.parse(text.text) as ForeignTable }));
    if (foreign.length === 0) return [];
    const remotes = await this.names.byFullName(foreign.map(({ of }) => of));
    const ids = [...remotes.values(), ...foreign.map(({ text }) => text.datasetId ?? '')];
    const fields = byDataset(await this.names.fields(ids));
    const end = (datasetId: string, column?: string): Endpoint =>
      column === undefined ? { kind: 'dataset', datasetId } : columnIn(fields.get(datasetId) ?? [], datasetId, column);
    return foreign.flatMap(({ text, of: { namespace, name, columns } }) => {
      const remoteId = remotes.get(fullName(namespace, name));
      const edges = foreignEdges({
        local: (column) => end(text.datasetId ?? '', column),
        remote: (column) =>
          remoteId === undefined
            ? { kind: 'unknown', namespace, dataset: name, ...(column !== undefined && { column }) }
            : end(remoteId, column),
        columns,
      });
      const facts: ScriptFacts = text.endedAt === null ? { statements: [], edges } : NO_FACTS;
      const digest = digestOf([READER, text.versionId, facts.edges]);
      return isAsRead(text, digest) ? [] : [readingOf(text, digest, facts)];
    });
  }

  private async readSql(all: readonly ScriptText[], places: Places, work: ReadingWork): Promise<Reading[]> {
    const texts = all.filter(({ origin }) => origin !== 'foreign_table' && origin !== 'pipeline');
    const mentioned: { text: ScriptText; home: ScriptHome; named: Nameable[] }[] = [];
    for (const text of texts) {
      const place = await this.placeOf(text, places);
      const own = text.datasetId === null ? [] : place.namesOf(text.datasetId);
      mentioned.push({
        text,
        home: place.home,
        named: [...new Set([...own, ...place.mentionedIn(filled(text).text)])],
      });
    }
    const ids = new Set(mentioned.flatMap(({ named }) => named.map(({ datasetId }) => datasetId)));
    const fields = byDataset(ids.size === 0 ? [] : await this.names.fields([...ids]));
    const readings = mentioned.map(async ({ text, home, named }) => {
      const mine = [...new Set(named.map(({ datasetId }) => datasetId))];
      const names = new ScriptNames(
        home,
        named,
        mine.flatMap((id) => fields.get(id) ?? []),
      );
      const digest = digestOf([READER, text.versionId, names.facts()]);
      if (isAsRead(text, digest)) return undefined;
      if (text.endedAt !== null) return readingOf(text, digest, NO_FACTS);
      return readingOf(text, digest, factsOf(text.text, await extractFilled(text, home, named, names, work), names));
    });
    return (await Promise.all(readings)).filter((one) => one !== undefined);
  }

  private async readPipelineFiles(texts: readonly ScriptText[], work: ReadingWork): Promise<Reading[]> {
    const readings: Reading[] = [];
    const known = this.pipelines.names();
    // One at a time: the artifacts of a large dbt project fill the memory of a thread.
    for (const text of texts.filter(({ origin }) => origin === 'pipeline')) {
      work.signal.throwIfAborted();
      if (text.endedAt !== null) {
        const digest = digestOf([READER, text.versionId]);
        if (!isAsRead(text, digest)) readings.push(readingOf(text, digest, NO_FACTS));
        continue;
      }
      const { digest: names, namespaces, facts } = await this.pipelines.read(text, known, work);
      const digest = digestOf([READER, text.versionId, names]);
      if (!isAsRead(text, digest)) readings.push({ ...readingOf(text, digest, await facts()), namespaces });
    }
    return readings;
  }

  private async placeOf({ sourceId, dialect, aliases }: ScriptText, places: Places): Promise<NamedDatasets> {
    const key = JSON.stringify([sourceId, dialect, Object.entries(aliases).sort()]);
    const known = places.get(key);
    if (known) return known;
    if (sourceId === null) throw new Error('A script of SQL runs on a source.');
    const sources = await this.names.sources(sourceId, Object.values(aliases));
    const byId = new Map(sources.map((source) => [source.id, source]));
    const source = byId.get(sourceId);
    if (!source) throw new NotFound('source', sourceId);
    const aliased = Object.entries(aliases).flatMap(([alias, id]) => {
      const of = byId.get(id);
      return of ? [[alias, of] as const] : [];
    });
    const home: ScriptHome = { source, dialect, aliases: new Map(aliased) };
    const place = new NamedDatasets(home, sources, await this.names.datasets([...byId.keys()]));
    places.set(key, place);
    return place;
  }

  private async keep(subject: Subject, found: readonly Reading[], actor: Actor, asOf: Date): Promise<ReadingTotals> {
    return this.changes.make(actor, async (change) => {
      const ids = found.map(({ scriptId }) => scriptId);
      await this.readings.lock(change.tx, ids);
      const readings = await this.readings.stillToKeep(change.tx, found, asOf);
      const statements = differenceOf(readings, statementsByDigest, await this.readings.keptStatements(change.tx, ids));
      const edges = differenceOf(readings, edgesByDigest, await this.readings.keptEdges(change.tx, ids));
      const at = await this.readings.momentAfter(change.tx, ids, change.at);
      await this.readings.writeStatements(change.tx, statements, at);
      await this.readings.writeEdges(change.tx, edges, at);
      const reports = differenceOf(readings, reportsByDigest, await this.readings.keptReports(change.tx, ids));
      await this.readings.writeReports(change.tx, reports, at);
      await this.readings.replaceTests(change.tx, readings);
      await this.readings.noteRead(change.tx, readings, asOf);
      const totals = {
        scripts: 0,
        read: readings.length,
        edgesAdded: edges.added.length,
        edgesClosed: edges.gone.length,
        unresolvedEdges: unresolvedIn(readings.flatMap((reading) => [...edgesByDigest(reading).values()])),
      };
      const { read, edgesAdded, edgesClosed } = totals;
      await change.record('lineage.read', subject, { scripts: read, edgesAdded, edgesClosed });
      return totals;
    });
  }
}

type Places = Map<string, NamedDatasets>;

const subjectOf = ({ id, name }: SourceEntity): Subject => ({ kind: 'source', id, name });

const NO_FACTS: ScriptFacts = { statements: [], edges: [] };

/** Reads one text with values in the place of its parameters. Places are those of the text as it is kept. */
async function extractFilled(text: ScriptText, ...more: Tail<Parameters<typeof extract>>): Promise<ScriptLineage> {
  if (text.options.variables === undefined) return extract(text, ...more);
  const { text: sql, origin } = filled(text);
  return atOrigin(await extract({ ...text, text: sql }, ...more), origin, linesOf(text.text));
}

const filled = ({ text, options: { variables = {} } }: ScriptText) => fill(text, new Map(Object.entries(variables)));

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;

/** The line of an offset, from 1. */
function linesOf(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** Reads one text in another thread. */
async function extract(
  text: ScriptText,
  { source: { database } }: ScriptHome,
  named: readonly Nameable[],
  names: ScriptNames,
  { threads, signal }: ReadingWork,
): Promise<ScriptLineage> {
  const [first, ...others] = schemasOf(text);
  const task: ExtractTask = {
    sql: text.text,
    dialect: text.dialect,
    tables: names.tables(),
    ...(first !== undefined && { defaultSchema: names.defaultName(first) }),
    ...(others.length > 0 && { otherSchemas: others }),
    ...(database !== null && { defaultCatalog: names.defaultName(database) }),
  };
  const own = named.find(({ datasetId }) => datasetId === text.datasetId);
  if (!own) return extractOffThread(threads, task, { signal });
  const { datasetId, neighbour: _, ...name } = own;
  return extractViewOffThread(threads, { ...task, view: { name, columns: names.columnsOf(datasetId) } }, { signal });
}

/** Where a script's bare names lead. */
function schemasOf({ origin, dialect, text, defaultSchema }: ScriptText): readonly string[] {
  if (origin === 'routine' && dialect === 'postgres') return searchPathOf(text, defaultSchema);
  return defaultSchema === null ? [] : [defaultSchema];
}

/** It was read from the same text, and everything else is as it was then. */
const isAsRead = ({ readVersionId, versionId, readDigest }: ScriptText, digest: string): boolean =>
  readVersionId === versionId && readDigest === digest;

const readingOf = (text: ScriptText, digest: string, facts: ScriptFacts): Reading => ({
  ...facts,
  scriptId: text.id,
  versionId: text.versionId,
  digest,
  textChanged: text.versionId !== text.readVersionId,
  since: text.endedAt ?? text.validFrom,
});

function byDataset(fields: readonly FieldName[]): ReadonlyMap<string, FieldName[]> {
  const groups = new Map<string, FieldName[]>();
  for (const field of fields) {
    const group = groups.get(field.datasetId);
    if (group) group.push(field);
    else groups.set(field.datasetId, [field]);
  }
  return groups;
}

const sum = (a: ReadingTotals, b: ReadingTotals): ReadingTotals => ({
  scripts: a.scripts + b.scripts,
  read: a.read + b.read,
  edgesAdded: a.edgesAdded + b.edgesAdded,
  edgesClosed: a.edgesClosed + b.edgesClosed,
  unresolvedEdges: a.unresolvedEdges + b.unresolvedEdges,
});

/** The SQL that a kind of source speaks. */
export const dialectOfSource = (kind: string): SqlDialect =>
  SQL_DIALECTS.find((dialect) => dialect === kind) ?? 'generic';
