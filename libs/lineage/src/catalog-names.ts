import { type Dataset, type KnownDataset } from '#core/pipelines';
import { normalName, normalNamespace } from '#core/openlineage';
import { nameParts } from '#kernel';

import { type Endpoint } from './endpoint.js';
import { columnIn, type FieldName } from './named-datasets.js';

/** A dataset as the catalog names it. */
export interface FullName {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
}

const WORD = /[\p{L}\p{M}\p{N}_$]+/gu;
const ONE_WORD = /^[\p{L}\p{M}\p{N}_$]+$/u;
const lower = (text: string) => text.toLowerCase();

/** The datasets of one server, found by name: exactly, else in any case when there is only one. */
class ServerNames {
  private readonly exact = new Map<string, FullName>();
  private readonly anyCase = new Map<string, FullName | null>();
  private readonly byWord = new Map<string, FullName[]>();
  private readonly unusual: { readonly table: string; readonly dataset: FullName }[] = [];

  constructor(readonly all: readonly FullName[]) {
    for (const dataset of all) {
      // When several sources have one name, the first that was registered.
      if (this.exact.has(dataset.name)) continue;
      this.exact.set(dataset.name, dataset);
      this.anyCase.set(lower(dataset.name), this.anyCase.has(lower(dataset.name)) ? null : dataset);
      const table = nameParts(dataset.name).at(-1) ?? dataset.name;
      if (!ONE_WORD.test(table)) this.unusual.push({ table, dataset });
      else this.byWord.set(lower(table), [...(this.byWord.get(lower(table)) ?? []), dataset]);
    }
  }

  find(name: string): FullName | undefined {
    return this.exact.get(name) ?? this.anyCase.get(lower(name)) ?? undefined;
  }

  /** Datasets whose table's name stands somewhere in a text. */
  mentionedIn(words: ReadonlySet<string>, text: string): FullName[] {
    return [
      ...[...words].flatMap((word) => this.byWord.get(word) ?? []),
      ...this.unusual.filter(({ table }) => text.includes(table)).map(({ dataset }) => dataset),
    ];
  }
}

/** What the catalog calls things on some servers, for the names in files of pipelines. */
export class CatalogNames {
  private readonly servers = new Map<string, ServerNames>();

  constructor(datasets: readonly FullName[] = []) {
    this.add(datasets);
  }

  /** Adds whole servers. */
  add(datasets: readonly FullName[]): void {
    for (const [namespace, all] of Map.groupBy(datasets, (dataset) => normalNamespace(dataset.namespace)))
      this.servers.set(namespace, new ServerNames(all));
  }

  find({ namespace, name }: { readonly namespace: string; readonly name: string }): FullName | undefined {
    const normal = normalName({ namespace, name });
    return this.servers.get(normal.namespace)?.find(normal.name);
  }

  /**
   * The datasets that a file can mean: those that its reading named, whose name stands in its text, and for a pattern of tables all of the
   * server.
   */
  candidates(named: readonly Dataset[], text: string): FullName[] {
    const words = new Set((text.match(WORD) ?? []).map(lower));
    const namespaces = new Set(named.map(({ namespace }) => normalNamespace(namespace)));
    const whole = new Set(named.filter(({ pattern }) => pattern).map(({ namespace }) => normalNamespace(namespace)));
    const found = [...namespaces].flatMap((namespace) => {
      const server = this.servers.get(namespace);
      if (!server) return [];
      return whole.has(namespace) ? server.all : server.mentionedIn(words, text);
    });
    const all = [...named.flatMap((dataset) => this.find(dataset) ?? []), ...found];
    return [...new Map(all.map((dataset) => [dataset.id, dataset])).values()];
  }
}

/** The datasets that one file can mean, with their columns. Its names become endpoints here. */
export class PipelineNames {
  private readonly fields: ReadonlyMap<string, readonly FieldName[]>;
  private readonly names: CatalogNames;

  constructor(
    private readonly datasets: readonly FullName[],
    fields: readonly FieldName[],
  ) {
    this.names = new CatalogNames(datasets);
    this.fields = Map.groupBy(fields, ({ datasetId }) => datasetId);
  }

  /** What the reader is told. A dataset without columns is gone: what it was like is not what the pipeline sees. */
  known(): KnownDataset[] {
    return this.datasets.flatMap(({ id, namespace, name }) => {
      const columns = (this.fields.get(id) ?? [])
        .filter(({ ordinal }) => ordinal !== null)
        .sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0))
        .map((field) => field.name);
      return columns.length === 0 ? [] : [{ namespace, name, columns }];
    });
  }

  /** Everything that a reading depends on besides the text. */
  facts(): unknown {
    return this.datasets.map(({ id, namespace, name }) => [
      ...[id, namespace, name],
      (this.fields.get(id) ?? []).map((field) => [field.id, field.name, field.ordinal]),
    ]);
  }

  endpoint(dataset: Dataset, column?: string): Endpoint {
    const known = this.knownAs(dataset);
    if (known === undefined) return unknown(dataset, column);
    return column === undefined
      ? { kind: 'dataset', datasetId: known }
      : columnIn(this.fields.get(known) ?? [], known, column, lower);
  }

  /** The catalog's id of a dataset, by any of its names. */
  knownAs(dataset: Dataset): string | undefined {
    return [dataset, ...(dataset.symlinks ?? [])].flatMap((name) => this.names.find(name)?.id ?? [])[0];
  }
}

/** A name that the catalog does not know: of a folder that is a table, the table's, where it is known which server's. */
function unknown(dataset: Dataset, column: string | undefined): Endpoint {
  const table = dataset.symlinks?.find(({ namespace }) => !namespace.endsWith('://unknown')) ?? dataset;
  const { namespace, name } = normalName(table);
  return { kind: 'unknown', namespace, dataset: name, ...(column !== undefined && { column }) };
}
