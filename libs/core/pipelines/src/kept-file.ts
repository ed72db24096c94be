import { keptArtifacts } from './dbt/kept-artifacts.js';
import { readDbt } from './dbt/read-dbt.js';
import type { PipelineOptions } from './options.js';
import { NoTool, type PipelineFile, readPipelines, recognized } from './read-pipelines.js';
import { withoutSecrets } from './text/secrets.js';
import type { PipelineTool, ReadFile } from './types.js';

/** A file with those that belong to it. */
export interface GivenFile extends PipelineFile {
  /** Of dbt: `catalog.json` and `run_results.json` of the same project. */
  readonly catalog?: string;
  readonly runResults?: string;
}

/** A file as it may be kept: no secret is in it. It is read from this. */
export interface KeptFile extends GivenFile {
  readonly tool: PipelineTool;
}

/** Takes secrets out of a file. Throws {@link Unreadable}, and {@link NoTool} for a file of no tool that is known. */
export function keptFile({ name, text, ...beside }: GivenFile): KeptFile {
  const found = recognized({ name, text });
  if (!found) throw new NoTool();
  if (found.tool !== 'dbt') return { name, tool: found.tool, text: withoutSecrets(text, found.value) };
  const { manifest, ...others } = keptArtifacts({ manifest: text, ...beside });
  return { name, tool: found.tool, text: manifest, ...others };
}

/** Reads a file of any tool, with those that belong to it. */
export function readGiven(
  { name, text, catalog, runResults }: GivenFile,
  { dbtNamespace, ...options }: PipelineOptions & { readonly dbtNamespace?: string } = {},
): Promise<ReadFile> {
  const file = { name: name.replace(/^.*\//s, ''), text };
  if (recognized(file)?.tool !== 'dbt') return readPipelines(file, options);
  return readDbt(
    { manifest: text, ...(catalog !== undefined && { catalog }), ...(runResults !== undefined && { runResults }) },
    { ...options, ...(dbtNamespace !== undefined && { namespace: dbtNamespace }) },
  );
}
