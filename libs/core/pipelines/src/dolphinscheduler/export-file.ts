import type { Reason } from '#core/sql-lineage';

import { sayLenience } from '../datax/datax-file.js';
import { JobDraft, placeOf } from '../job-draft.js';
import { onlyJobs } from '../only-jobs.js';
import type { PipelineOptions } from '../options.js';
import { Reading } from '../reading.js';
import { readLenientJson } from '../text/lenient-json.js';
import { withoutSecrets } from '../text/secrets.js';
import { Unreadable } from '../text/unreadable.js';
import { textOf, Value } from '../text/value.js';
import type { Pipeline, PipelineJob, ReadFile, Waiting } from '../types.js';
import { readTask } from './tasks.js';

/** One workflow of an export, whichever version wrote it. */
interface Workflow {
  readonly value: Value;
  readonly name: string;
  readonly code: string | undefined;
  readonly description: string | undefined;
  readonly online: boolean;
  readonly schedule: string | undefined;
  readonly tasks: readonly Task[];
  readonly reasons: readonly Reason[];
}

interface Task {
  readonly value: Value;
  readonly name: string;
  readonly type: string;
  readonly params: Value | undefined;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly after: readonly string[];
}

/** Reads an export of DolphinScheduler: of 1.3, of 2.x to 3.2 (`processDefinition`), and of 3.3 and later (`workflowDefinition`). */
export async function readDolphinScheduler(
  text: string,
  _name: string,
  options: PipelineOptions = {},
): Promise<ReadFile> {
  const reading = new Reading(text, options);
  const { value, lenience } = readLenientJson(text);
  sayLenience(reading, lenience);
  const workflows = value.items.flatMap((item) => workflowIn(reading, item) ?? []);
  if (workflows.length === 0) throw new Unreadable('No workflow is in it: this is no export of DolphinScheduler.', 0);
  const names = new Map(workflows.flatMap(({ code, name }) => (code === undefined ? [] : [[code, name] as const])));
  const pipelines: Pipeline[] = [];
  for (const workflow of workflows) pipelines.push(await pipelineOf(reading, workflow, names));
  return { text: withoutSecrets(text, value), pipelines, reasons: reading.reasons };
}

async function pipelineOf(
  reading: Reading,
  { name, description, online, schedule, tasks, reasons, value }: Workflow,
  names: ReadonlyMap<string, string>,
): Promise<Pipeline> {
  const jobs: PipelineJob[] = [];
  for (const [index, task] of tasks.entries()) {
    const draft = new JobDraft(reading, task.name, task.type.toLowerCase(), reading.place(placeOf(task.value)));
    draft.after = task.after;
    if (task.description !== undefined) draft.description = task.description;
    draft.waitsFor = waitingOf(task.params).map((waiting) => {
      const known = names.get(waiting.workflow);
      return known === undefined ? waiting : { ...waiting, name: known };
    });
    if (task.enabled) await readTask(reading, draft, task.type, task.params);
    else draft.say('disabled', 'The task is switched off: it does not run, and has no lineage.', undefined);
    jobs.push(draft.done(index));
  }
  const off = online
    ? []
    : [reading.reason('offline', `The workflow "${name}" is not online: nothing starts it.`, placeOf(value))];
  return onlyJobs({
    tool: 'dolphinscheduler',
    name,
    processing: 'BATCH',
    ...(description !== undefined && { description }),
    ...(schedule !== undefined && { schedule }),
    jobs,
    reasons: [...reasons, ...off],
  });
}

/** A text that is JSON itself, as older versions write it, or the value it is already. */
export function unfolded(value: Value | undefined): Value | undefined {
  return value?.kind === 'string' && /^\s*[[{]/.test(value.text ?? '')
    ? readLenientJson(value.text ?? '', value.at).value
    : value;
}

function workflowIn(reading: Reading, item: Value): Workflow | undefined {
  try {
    const definition = item.field('workflowDefinition', 'processDefinition');
    if (definition) return workflowOf(reading, item, definition);
    const older = unfolded(item.field('processDefinitionJson'));
    if (older?.field('tasks')) return olderWorkflow(item, older);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    reading.reasons.push(
      reading.reason('not-read', `A workflow could not be read: ${error.message}`, { start: error.offset }),
    );
    return undefined;
  }
  reading.reasons.push(
    reading.reason('no-workflow', 'This has neither processDefinition nor workflowDefinition.', placeOf(item)),
  );
  return undefined;
}

function workflowOf(reading: Reading, item: Value, definition: Value): Workflow {
  const reasons: Reason[] = [];
  const listed = item.field('taskDefinitionList');
  const relations = item.field('workflowTaskRelationList', 'processTaskRelationList')?.items ?? [];
  const names = new Map<string, string>();
  for (const task of listed?.items ?? []) {
    const [code, name] = [textOf(task, 'code'), textOf(task, 'name')];
    if (code !== undefined) names.set(code, name ?? code);
  }
  const before = new Map<string, string[]>();
  for (const relation of relations) {
    const [from, to] = [textOf(relation, 'preTaskCode') ?? '0', textOf(relation, 'postTaskCode') ?? '0'];
    if (from === '0') continue;
    const name = names.get(from);
    if (name === undefined || !names.has(to))
      reasons.push(
        reading.reason(
          'unknown-task',
          `A task ${name === undefined ? from : to} is named that is not listed.`,
          placeOf(relation),
        ),
      );
    else before.set(to, [...(before.get(to) ?? []), name]);
  }
  if (!listed) reasons.push(reading.reason('no-tasks', 'The workflow has no taskDefinitionList.', placeOf(item)));
  return {
    value: definition,
    name: textOf(definition, 'name') ?? textOf(definition, 'code') ?? 'workflow',
    code: textOf(definition, 'code'),
    description: textOf(definition, 'description'),
    online: textOf(definition, 'releaseState')?.toUpperCase() !== 'OFFLINE',
    schedule: textOf(item.field('schedule'), 'crontab'),
    reasons,
    tasks: unique(
      (listed?.items ?? []).map((task): Task => {
        const code = textOf(task, 'code') ?? '';
        return {
          value: task,
          name: textOf(task, 'name') ?? code,
          type: textOf(task, 'taskType') ?? '',
          params: paramsOf(reading, reasons, task.field('taskParams')),
          enabled: textOf(task, 'flag')?.toUpperCase() !== 'NO',
          description: textOf(task, 'description'),
          after: before.get(code) ?? [],
        };
      }),
    ),
  };
}

function paramsOf(reading: Reading, reasons: Reason[], value: Value | undefined): Value | undefined {
  try {
    return unfolded(value);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    reasons.push(
      reading.reason('not-read', `The parameters of a task could not be read: ${error.message}`, {
        start: error.offset,
      }),
    );
    return undefined;
  }
}

function olderWorkflow(item: Value, definition: Value): Workflow {
  return {
    value: item,
    name: textOf(item, 'processDefinitionName') ?? 'workflow',
    code: textOf(item, 'processDefinitionId', 'id'),
    description: textOf(item, 'processDefinitionDescription'),
    online: true,
    schedule: textOf(item, 'scheduleCrontab'),
    reasons: [],
    tasks: unique(
      (definition.field('tasks')?.items ?? []).map((task): Task => ({
        value: task,
        name: textOf(task, 'name') ?? textOf(task, 'id') ?? '',
        type: textOf(task, 'type') ?? '',
        params: withDependence(task),
        enabled: textOf(task, 'runFlag')?.toUpperCase() !== 'FORBIDDEN',
        description: textOf(task, 'description'),
        after: unfolded(task.field('preTasks'))?.texts ?? [],
      })),
    ),
  };
}

/** 1.3 keeps what a DEPENDENT task waits for beside its parameters. */
function withDependence(task: Value): Value | undefined {
  const params = unfolded(task.field('params'));
  const dependence = task.field('dependence');
  if (!dependence || params?.field('dependence')) return params;
  return new Value('object', task.start, task.end, {
    entries: [...(params?.entries ?? []), { key: 'dependence', value: dependence }],
  });
}

/** Two tasks of one name are told apart by a number. */
function unique(tasks: readonly Task[]): Task[] {
  const seen = new Map<string, number>();
  return tasks.map((task) => {
    const many = (seen.get(task.name) ?? 0) + 1;
    seen.set(task.name, many);
    return many === 1 ? task : { ...task, name: `${task.name} (${many})` };
  });
}

/** What a task waits for in other workflows, and the workflow it runs as its own step. */
function waitingOf(params: Value | undefined): Waiting[] {
  const items = (unfolded(params?.field('dependence'))?.field('dependTaskList')?.items ?? []).flatMap(
    (list) => list.field('dependItemList')?.items ?? [],
  );
  const waits = items.flatMap((item): Waiting[] => {
    const workflow = textOf(item, 'definitionCode', 'definitionId', 'processDefinitionCode', 'workflowDefinitionCode');
    if (workflow === undefined) return [];
    const task = textOf(item, 'depTaskCode', 'depTasks');
    const project = textOf(item, 'projectCode', 'projectId');
    return [
      {
        workflow,
        // 0 and -1 stand for the whole workflow.
        ...(task !== undefined && !['0', '-1', 'ALL'].includes(task) && { task }),
        ...(project !== undefined && { project }),
      },
    ];
  });
  const runs = textOf(params, 'workflowDefinitionCode', 'processDefinitionCode', 'processDefinitionId');
  return runs === undefined ? waits : [...waits, { workflow: runs }];
}
