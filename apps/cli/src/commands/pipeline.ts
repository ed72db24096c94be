import { type Command } from 'commander';

import { addPipelineExtract } from './pipeline/extract.js';
import { addPipelineImport } from './pipeline/import.js';
import { addKeptPipelines } from './pipeline/kept.js';

/** `plumbline pipeline`: what the files of tools that move data say. */
export function addPipeline(program: Command): void {
  const pipeline = program
    .command('pipeline')
    .description('lineage from files of DataX, DolphinScheduler, Flink CDC, SeaTunnel and dbt');
  addPipelineExtract(pipeline);
  addPipelineImport(pipeline);
  addKeptPipelines(pipeline);
}
