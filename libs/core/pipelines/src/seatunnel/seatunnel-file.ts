import type { Reason } from '#core/sql-lineage';

import { JobDraft, placeOf } from '../job-draft.js';
import { onlyJobs } from '../only-jobs.js';
import type { PipelineOptions } from '../options.js';
import { Reading } from '../reading.js';
import { dotted, type HoconRemark, readHocon } from '../text/hocon.js';
import { withoutSecrets } from '../text/secrets.js';
import { Unreadable } from '../text/unreadable.js';
import type { Value } from '../text/value.js';
import type { ReadFile } from '../types.js';
import { said } from './connectors.js';
import { writeSink } from './sinks.js';
import { readSource, type TableFlow } from './sources.js';
import { transformRows } from './transforms.js';

interface Plugin {
  readonly name: string;
  readonly value: Value;
  readonly inputs: readonly string[];
  readonly output: string | undefined;
}

/** Reads a SeaTunnel job: HOCON or JSON. */
export async function readSeaTunnel(text: string, name: string, options: PipelineOptions = {}): Promise<ReadFile> {
  const reading = new Reading(text, options);
  const { value, remarks } = readHocon(text);
  reading.reasons.push(...remarksOf(reading, remarks));
  if (!value.field('source') || !value.field('sink'))
    throw new Unreadable('There is no source and sink: this is no SeaTunnel job.', value.start);
  const title = dotted(value, 'env.job.name')?.text ?? name;
  const draft = new JobDraft(reading, title, 'seatunnel', reading.place(placeOf(value)));
  await readBlocks(reading, draft, value);
  const streaming = dotted(value, 'env.job.mode')?.text?.toUpperCase() === 'STREAMING';
  return {
    text: withoutSecrets(text, value),
    pipelines: [
      onlyJobs({
        tool: 'seatunnel',
        name: title,
        processing: streaming ? 'STREAMING' : 'BATCH',
        jobs: [draft.done(0)],
      }),
    ],
    reasons: reading.reasons,
  };
}

/** Reads a SeaTunnel job that stands in another file. */
export async function readSeaTunnelJob(reading: Reading, draft: JobDraft, script: Value): Promise<void> {
  const { value, remarks } = readHocon(script.text ?? '', script.at);
  draft.take(remarksOf(reading, remarks), 'ok');
  await readBlocks(reading, draft, value);
}

function remarksOf(reading: Reading, remarks: readonly HoconRemark[]): Reason[] {
  const [comma] = remarks.filter(({ code }) => code === 'missing-comma');
  return [
    ...(comma
      ? [
          reading.reason('not-strict', 'The text is not strict HOCON: fields on one line have no comma between them.', {
            start: comma.offset,
          }),
        ]
      : []),
    ...remarks
      .filter(({ code }) => code === 'include')
      .map(({ text, offset }) =>
        reading.reason('include', `The file "${text}" that is included is not read.`, { start: offset }),
      ),
  ];
}

async function readBlocks(reading: Reading, draft: JobDraft, root: Value): Promise<void> {
  const streams = new Map<string, TableFlow[]>();
  const sources = pluginsIn(root.field('source'));
  let last: TableFlow[] = [];
  for (const plugin of sources) {
    last = await readSource(reading, draft, plugin.name, plugin.value);
    if (plugin.output !== undefined) streams.set(plugin.output, last);
  }
  // Without names, a step takes what the one before it gives; several sources without names go on together.
  const unnamed = sources.length > 1 && sources.every(({ output }) => output === undefined);
  if (unnamed)
    draft.say(
      'unnamed-sources',
      'Several sources without plugin_output: the next step takes the last one.',
      root.field('source') && placeOf(root.field('source')!),
    );
  for (const plugin of pluginsIn(root.field('transform'))) {
    const input = inputOf(draft, plugin, streams, last);
    last = [];
    for (const { flow, ...rest } of input)
      last.push({
        ...rest,
        flow: await transformRows(reading, draft, plugin.name, plugin.value, flow, plugin.inputs[0]),
      });
    if (plugin.output !== undefined) streams.set(plugin.output, last);
  }
  for (const plugin of pluginsIn(root.field('sink')))
    writeSink(reading, draft, plugin.name, plugin.value, inputOf(draft, plugin, streams, last));
}

function inputOf(
  draft: JobDraft,
  { inputs, name, value }: Plugin,
  streams: ReadonlyMap<string, TableFlow[]>,
  last: readonly TableFlow[],
): readonly TableFlow[] {
  if (inputs.length === 0) return last;
  return inputs.flatMap((input) => {
    const found = streams.get(input);
    if (!found)
      draft.say(
        'unknown-input',
        `"${name}" takes rows from "${input}", which no step before it gives.`,
        placeOf(value),
        'partial',
      );
    return found ?? [];
  });
}

function pluginsIn(block: Value | undefined): Plugin[] {
  const plugin = (name: string, value: Value): Plugin => ({
    name,
    value,
    inputs: (dotted(value, 'plugin_input') ?? dotted(value, 'source_table_name'))?.texts ?? [],
    output: said(value, 'plugin_output', 'result_table_name'),
  });
  if (block?.kind === 'array') return block.items.map((value) => plugin(said(value, 'plugin_name') ?? '', value));
  return (block?.entries ?? []).flatMap(({ key, value }) => value.items.map((each) => plugin(key, each)));
}
