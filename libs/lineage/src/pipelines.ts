import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { normalNamespace } from '#core/openlineage';
import { jdbcPlace, keptFile, type KeptFile, plainText, Unreadable } from '#core/pipelines';
import { type Actor, type InputFault, InvalidInput } from '#kernel';

import { importPipelines } from './lineage.jobs.js';
import { ScriptStore, type Revision } from './script.store.js';
import { publicRepository, unholdableAt } from './texts.js';

/** A file of a pipeline tool as it is given; of dbt the manifest, with the other artifacts. */
export interface GivenPipeline {
  /** Unique among pipelines: a file of the same name is replaced. */
  readonly name: string;
  readonly text: string;
  readonly catalog?: string;
  readonly runResults?: string;
}

export interface PipelineTerms {
  /** Namespaces that stand for others: `{ 'hive://unknown': 'hive://metastore:9083' }`. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** JDBC URLs of a scheduler's data sources, by their numbers. */
  readonly datasources: Readonly<Record<string, string>>;
  /** Where the database of dbt projects is. */
  readonly dbtNamespace: string | null;
  readonly folder: string | null;
  readonly revision: Revision | null;
}

/** A file that was not kept, and where in it the reason stands. */
export interface RefusedFile {
  readonly name: string;
  readonly line: number;
  readonly message: string;
}

export interface PipelineImport {
  readonly jobId: string;
  /** How many files are new or have changed. */
  readonly changed: number;
  readonly refused: readonly RefusedFile[];
}

const MOST_FILES = 5_000;
const MOST_CHARACTERS = 50_000_000;

/** Files of pipeline tools, taken in. They belong to no source: their datasets are found by their full names. */
@Injectable()
export class LineagePipelines {
  constructor(
    private readonly changes: Changes,
    private readonly store: ScriptStore,
  ) {}

  /**
   * Takes in files, and asks for the job that reads them. Secrets are taken out before anything is kept. A file that is none of a known tool, or
   * is broken, is refused with its place, and the others are kept; what was kept under its name stays.
   * @throws {InvalidInput} when none can be kept.
   */
  async import(actor: Actor, terms: PipelineTerms, files: readonly GivenPipeline[]): Promise<PipelineImport> {
    checkFiles(files);
    const options = optionsOf(terms);
    const kept: KeptFile[] = [];
    const refused: (RefusedFile & { readonly at: number })[] = [];
    for (const [at, file] of files.entries()) {
      const one = keptOrRefused(file);
      if ('tool' in one) kept.push(one);
      else refused.push({ ...one, at });
    }
    if (kept.length === 0)
      throw new InvalidInput(
        refused.map(({ name, line, message }) => `${name}:${line}: ${message}`).join(' '),
        refused.map(({ name, line, message, at }): InputFault => ({
          ...{ path: ['files', String(at), 'text'], message: `${name}:${line}: ${message}` },
        })),
      );
    return this.changes.make(actor, async (change) => {
      const importId = randomUUID();
      const changed = await this.store.keep(
        change.tx,
        {
          ...{ sourceId: null, origin: 'pipeline', importId, dialect: 'generic', defaultSchema: null, aliases: {} },
          revision: publicRevision(terms.revision),
          options,
          scripts: kept.map(({ name, tool, text, catalog, runResults }) => ({
            ...{ name, text, options: { tool } },
            beside: { ...(catalog !== undefined && { catalog }), ...(runResults !== undefined && { runResults }) },
          })),
        },
        change.at,
      );
      const subject = { kind: 'pipelines', id: importId, name: terms.folder ?? kept[0]?.name ?? '' };
      const told = refused.map(({ name, line, message }) => ({ name, line, message }));
      await change.record('lineage.pipelines-imported', subject, {
        ...{ files: kept.length, changed, refused: told.map(({ name }) => name) },
        ...options,
      });
      const jobId = await change.request(importPipelines, { importId, refused: told }, subject);
      return { jobId, changed, refused: told };
    });
  }
}

function keptOrRefused(file: GivenPipeline): KeptFile | RefusedFile {
  const { name } = file;
  const texts = [file.text, file.catalog ?? '', file.runResults ?? ''];
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > MOST_CHARACTERS)
    return {
      name,
      line: 1,
      message: `The file is too large: ${length} characters; at most ${MOST_CHARACTERS} are kept.`,
    };
  for (const text of texts) {
    const bad = unholdableAt(text);
    if (bad !== undefined)
      return { name, line: lineAt(text, bad), message: 'A character here is no text (NUL or half a surrogate pair).' };
  }
  try {
    return keptFile(file);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const { offset, part } = error instanceof Unreadable ? error : { offset: 0, part: undefined };
    const text = part === 'catalog' ? file.catalog : part === 'run-results' ? file.runResults : file.text;
    // What is quoted can be a secret: nobody knows yet where they are in this file.
    return { name, line: lineAt(text ?? '', offset), message: error.message.replace(/"[^"]{5,}"/g, '"…"') };
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** What is kept of the terms: normal names, and no secret of a URL. */
function optionsOf({ namespaces, datasources, dbtNamespace, folder }: PipelineTerms) {
  for (const [number, url] of Object.entries(datasources))
    if (!jdbcPlace(url))
      throw new InvalidInput(`The data source ${number} is at no JDBC URL.`, [], ['datasources', number]);
  return {
    ...(Object.keys(namespaces).length > 0 && {
      namespaces: Object.fromEntries(
        Object.entries(namespaces).map(([from, to]) => [normalNamespace(from), normalNamespace(to)]),
      ),
    }),
    ...(Object.keys(datasources).length > 0 && {
      datasources: Object.fromEntries(Object.entries(datasources).map(([number, url]) => [number, plainText(url)])),
    }),
    ...(dbtNamespace !== null && { dbtNamespace: normalNamespace(dbtNamespace) }),
    ...(folder !== null && { folder }),
  };
}

const publicRevision = (revision: Revision | null): Revision | null =>
  revision && { ...revision, repository: publicRepository(revision.repository) };

function checkFiles(files: readonly GivenPipeline[]): void {
  if (files.length === 0 || files.length > MOST_FILES)
    throw new InvalidInput(`Give 1 to ${MOST_FILES} files at once; these are ${files.length}.`, [], ['files']);
  const seen = new Set<string>();
  for (const [at, { name }] of files.entries()) {
    const path = ['files', String(at), 'name'];
    if (name.trim() === '' || name.length > 500 || unholdableAt(name) !== undefined)
      throw new InvalidInput('A file has a name of 1 to 500 characters.', [], path);
    if (seen.has(name)) throw new InvalidInput(`Two files are named ${JSON.stringify(name)}.`, [], path);
    seen.add(name);
  }
}
