import { readDatax } from './datax/datax-file.js';
import { readDbt } from './dbt/read-dbt.js';
import { readDolphinScheduler } from './dolphinscheduler/export-file.js';
import { readFlinkCdc } from './flink-cdc/flink-cdc-file.js';
import type { PipelineOptions } from './options.js';
import { readSeaTunnel } from './seatunnel/seatunnel-file.js';
import { dotted, readHocon } from './text/hocon.js';
import { readLenientJson } from './text/lenient-json.js';
import { Unreadable } from './text/unreadable.js';
import type { Value } from './text/value.js';
import { readYaml } from './text/yaml.js';
import type { PipelineTool, ReadFile } from './types.js';

/** A file as it is found. */
export interface PipelineFile {
  readonly name: string;
  readonly text: string;
}

/** A file of no tool that is known. */
export class NoTool extends Unreadable {
  constructor() {
    super(
      'This is no file of a tool that is known: no DataX job, DolphinScheduler export, Flink CDC pipeline, SeaTunnel job or dbt manifest.',
      0,
    );
  }
}

/** Forms a file can have, in the order they are tried. */
const FORMS = {
  json: (text: string) => readLenientJson(text).value,
  yaml: (text: string) => readYaml(text),
  hocon: (text: string) => readHocon(text).value,
} as const;
type Form = keyof typeof FORMS;

/**
 * The tool whose file this is, by what is in it. Undefined when it is none that is known. Throws {@link Unreadable} when the name says what
 * it is and it cannot be read as that.
 *
 * @example
 * toolOf({ name: 'loan.json', text: '{"job": {"content": [{"reader": {}, "writer": {}}]}}' })   // 'datax'
 */
export const toolOf = (file: PipelineFile): PipelineTool | undefined => recognized(file)?.tool;

/** The artifacts of dbt say at the beginning what they are, and can be too long to be read as what people write. */
const DBT = /^.{0,2000}?"dbt_schema_version"\s*:\s*"[^"]*\/manifest\//s;

export type Recognized =
  { readonly tool: 'dbt' } | { readonly tool: Exclude<PipelineTool, 'dbt'>; readonly value: Value };

/** The same, with what is in the file. */
export function recognized({ name, text }: PipelineFile): Recognized | undefined {
  if (DBT.test(text.slice(0, 4000))) return { tool: 'dbt' };
  const [expected, forms] = formsOf(name, text);
  for (const form of forms) {
    try {
      const value = FORMS[form](text);
      const tool = toolIn(value, form);
      if (tool === 'dbt') return { tool };
      if (tool !== undefined) return { tool, value };
    } catch (error) {
      if (!(error instanceof Unreadable) || form === expected) throw error;
    }
  }
  return undefined;
}

function formsOf(name: string, text: string): readonly [Form | undefined, readonly Form[]] {
  if (/\.json[c5]?$/i.test(name)) return ['json', ['json', 'hocon']];
  if (/\.ya?ml$/i.test(name)) return ['yaml', ['yaml']];
  if (/\.(?:conf|hocon|config)$/i.test(name)) return ['hocon', ['hocon']];
  return [undefined, /^\s*(?:[[{]|\/[/*])/.test(text) ? ['json', 'hocon'] : ['yaml', 'hocon']];
}

function toolIn(value: Value, form: Form): PipelineTool | undefined {
  if (value.path('metadata', 'dbt_schema_version')?.text?.includes('/manifest/')) return 'dbt';
  if ((value.field('job') ?? value).field('content')) return 'datax';
  const [first] = value.items;
  if (first?.field('processDefinition', 'workflowDefinition', 'processDefinitionJson')) return 'dolphinscheduler';
  const [source, sink] = [value.field('source'), value.field('sink')];
  if (!source || !sink) return undefined;
  // Flink CDC says a type; SeaTunnel has plugins by their names.
  if (form !== 'hocon' && source.field('type') && sink.field('type')) return 'flink-cdc';
  return value.field('env') || form === 'hocon' || dotted(source, 'plugin_name') || source.kind === 'array'
    ? 'seatunnel'
    : undefined;
}

/** Reads a file of any tool. Of dbt, the manifest; {@link readDbt} takes the other artifacts too. */
export async function readPipelines(file: PipelineFile, options: PipelineOptions = {}): Promise<ReadFile> {
  const tool = toolOf(file);
  switch (tool) {
    case 'datax':
      return readDatax(file.text, file.name, options);
    case 'dolphinscheduler':
      return readDolphinScheduler(file.text, file.name, options);
    case 'flink-cdc':
      return readFlinkCdc(file.text, file.name, options);
    case 'seatunnel':
      return readSeaTunnel(file.text, file.name, options);
    case 'dbt':
      return readDbt({ manifest: file.text }, options);
    case undefined:
      throw new NoTool();
    default:
      return tool satisfies never;
  }
}
