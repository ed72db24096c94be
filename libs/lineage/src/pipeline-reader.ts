import { Injectable } from '@nestjs/common';
import { normalNamespace } from '#core/openlineage';
import { type PipelineOptions, readGiven, type ReadFile, type SqlReader, Unreadable } from '#core/pipelines';
import { extractOffThread, type ScriptLineage, type TaskThreads } from '#core/sql-lineage';
import { InvalidInput } from '#kernel';

import { CatalogNames, PipelineNames } from './catalog-names.js';
import { digestOf } from './digest.js';
import { type ScriptFacts } from './edges-of.js';
import { NamesStore } from './names.store.js';
import { datasetsIn, pipelineFacts, unreadableFacts } from './pipeline-facts.js';
import { type ScriptText } from './script.store.js';

export interface PipelineWork {
  readonly threads: TaskThreads;
  readonly signal: AbortSignal;
}

/** A pipeline, read; `facts` says what it says, and is not called when that is known already. */
export interface PipelineReading {
  /** Of everything that the reading depends on besides the text. */
  readonly digest: string;
  /** Of the datasets it names. */
  readonly namespaces: readonly string[];
  facts(): Promise<ScriptFacts>;
}

/**
 * Reads files of pipelines. It is done twice: for the names in the file, and then with what the catalog has under those names, so that stars,
 * positions and patterns become columns and tables.
 */
@Injectable()
export class PipelineReader {
  constructor(private readonly store: NamesStore) {}

  /** What a job needs to know of the catalog; fetched once for all its files. */
  names(): JobNames {
    return new JobNames(this.store);
  }

  async read(text: ScriptText, names: JobNames, { threads, signal }: PipelineWork): Promise<PipelineReading> {
    const { name, beside, options } = text;
    const file = { name, text: text.text, ...beside };
    const readSql = remembering((task) => extractOffThread(threads, task, { signal }));
    const common: PipelineOptions & { dbtNamespace?: string } = {
      readSql,
      ...(options.datasources && { datasources: options.datasources }),
      ...(options.dbtNamespace !== undefined && { dbtNamespace: options.dbtNamespace }),
    };
    let first: ReadFile;
    try {
      first = await readGiven(file, common);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const offset = error instanceof Unreadable ? error.offset : 0;
      return {
        digest: digestOf('unreadable'),
        namespaces: [],
        facts: () => Promise.resolve(unreadableFacts(error.message, offset, text.text)),
      };
    }
    const named = datasetsIn(first);
    const spelled = await names.spellings(
      named.map(({ namespace }) => namespace),
      options.namespaces ?? {},
    );
    const namespaces = [...new Set(spelled.values())];
    const catalog = await names.of(namespaces);
    const meant = named.map((dataset) => ({
      ...dataset,
      namespace: spelled.get(dataset.namespace) ?? dataset.namespace,
    }));
    const candidates = catalog.candidates(meant, [text.text, ...Object.values(beside)].join('\n'));
    const fields = candidates.length === 0 ? [] : await this.store.fields(candidates.map(({ id }) => id));
    const own = new PipelineNames(candidates, fields);
    return {
      digest: digestOf(own.facts()),
      namespaces,
      facts: async () => {
        const asked = { ...common, known: own.known(), namespaces: Object.fromEntries(spelled) };
        return pipelineFacts(await readGiven(file, asked), options.tool ?? '', own);
      },
    };
  }
}

/** What the catalog calls things, for the files of one job. */
class JobNames {
  private readonly catalog = new CatalogNames();
  private readonly fetched = new Set<string>();
  private known?: Promise<ReadonlyMap<string, string>>;

  constructor(private readonly store: NamesStore) {}

  /** The datasets of some namespaces, and perhaps of others. */
  async of(namespaces: readonly string[]): Promise<CatalogNames> {
    const fresh = namespaces.filter((namespace) => !this.fetched.has(namespace));
    for (const namespace of fresh) this.fetched.add(namespace);
    if (fresh.length > 0) this.catalog.add(await this.store.inNamespaces(fresh));
    return this.catalog;
  }

  /** The namespaces of a file as the catalog spells them. */
  async spellings(
    found: readonly string[],
    aliases: Readonly<Record<string, string>>,
  ): Promise<ReadonlyMap<string, string>> {
    const wanted = new Map(
      Object.entries(aliases).map(([from, to]) => [normalNamespace(from), normalNamespace(to)] as const),
    );
    const known = await (this.known ??= this.store
      .namespaces()
      .then((all) => new Map(all.map((namespace) => [normalNamespace(namespace), namespace]))));
    return new Map(
      [...new Set(found)].map((namespace) => {
        const normal = normalNamespace(namespace);
        const meant = wanted.get(normal) ?? normal;
        return [namespace, known.get(meant) ?? meant];
      }),
    );
  }
}

/** What is asked twice is read once. */
function remembering(read: SqlReader): SqlReader {
  const answers = new Map<string, Promise<ScriptLineage>>();
  return (task) => {
    const key = JSON.stringify(task);
    const answer = answers.get(key) ?? read(task);
    answers.set(key, answer);
    return answer;
  };
}
