import { EventMemory } from './event-memory.js';
import { EVENT_TYPES, eventFaults, type EventKind, type EventType, type Fault, facetFaults } from './event-schema.js';
import { type Flow, inOrder, type Link, type LinkEnd } from './flow.js';
import { type Named, nameKeyOf } from './names.js';
import { redact, TooDeep } from './redact.js';

/** `strict` refuses what the specification does not allow; `lenient` keeps what can be understood, and remarks on the rest. */
export type Mode = 'strict' | 'lenient';

type Json = Readonly<Record<string, unknown>>;
/** Facets by name; null: the event says that it is gone. */
export type Facets = Readonly<Record<string, Json | null>>;

export const LIFECYCLES = ['ALTER', 'CREATE', 'DROP', 'OVERWRITE', 'RENAME', 'TRUNCATE'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

export interface DatasetFacts extends Named {
  readonly role: 'input' | 'output' | 'static';
  readonly facets: Facets;
  /** Other names of the same dataset. */
  readonly symlinks: readonly (Named & { readonly type: string })[];
  readonly lifecycle?: { readonly change: Lifecycle; readonly previous?: Named };
}

/** An event in our words. */
export interface EventFacts {
  readonly kind: EventKind;
  readonly type: EventType | null;
  readonly time: Date;
  readonly producer: string | null;
  readonly run?: {
    readonly id: string;
    readonly parent?: { readonly runId: string | null; readonly job: Named };
    readonly nominalStart?: Date;
    readonly nominalEnd?: Date;
    readonly error?: string;
  };
  readonly job?: Named & { readonly facets: Facets };
  readonly datasets: readonly DatasetFacts[];
  readonly flow: Flow;
}

export interface ReadEvent {
  readonly facts: EventFacts;
  /** Without secrets: what is stored. */
  readonly event: unknown;
  /** What was left out, or understood against the letter. */
  readonly remarks: readonly Fault[];
}

/** It will not get better by being sent again. */
export interface RefusedEvent {
  readonly refused: readonly Fault[];
}

/** A clock may be wrong by a time zone, not by more. */
const MOST_AHEAD_MS = 24 * 3_600_000;

/**
 * Reads an event: what it says, and what of it is stored. Pure: `now` is given.
 * @param memory of earlier events of the same producers: what is as it was is not worked out again.
 */
export function readEvent(raw: unknown, mode: Mode, now: Date, memory?: EventMemory): ReadEvent | RefusedEvent {
  if (!isObject(raw)) return refused('', 'an event is a JSON object');
  const kind = kindOf(raw);
  if (kind === undefined)
    return refused('', 'has neither "job" nor "dataset": it is no run event, no job event and no dataset event');
  const crowd = CROWDS.flatMap((list) => tooMany(raw[list], list));
  if (crowd.length > 0) return { refused: crowd };
  const faults = eventFaults(kind, raw);
  const [time, timeFault] = timeOf(raw['eventTime'], now);
  if (timeFault) faults.push(timeFault);
  const fatal = mode === 'strict' ? faults : faults.filter(({ at, isForm }) => IDENTIFIES.test(at) && !isForm);
  if (fatal.length > 0) return { refused: fatal.map(plain) };
  try {
    const event = redact(raw, memory) as Json;
    const remarks = faults.map(plain);
    return { facts: new Reader(event, remarks, memory).facts(kind, time), event, remarks };
  } catch (error) {
    if (error instanceof TooDeep) return refused('', 'is nested more than 200 levels deep');
    throw error;
  }
}

/** Datasets of one event, on one side; a job with more is a scan of a catalog, and would keep all other producers waiting. */
const MOST_DATASETS = 50_000;
const CROWDS = ['inputs', 'outputs'] as const;

const tooMany = (list: unknown, name: string): Fault[] =>
  Array.isArray(list) && list.length > MOST_DATASETS
    ? [{ at: `/${name}`, message: `has ${list.length} datasets; one event may have ${MOST_DATASETS}` }]
    : [];

// Without these there is nothing to keep. A bad dataset in a list is left out by itself.
const IDENTIFIES = /^(?:|\/(?:job|run|dataset)(?:\/(?:namespace|name|runId))?)$/;

const plain = ({ at, message }: Fault): Fault => ({ at, message });
const refused = (at: string, message: string): RefusedEvent => ({ refused: [{ at, message }] });
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function kindOf(event: Json): EventKind | undefined {
  if (isObject(event['run'])) return 'run';
  if (event['run'] !== undefined && event['run'] !== null) return 'run';
  if (event['job'] !== undefined && event['job'] !== null) return 'job';
  return event['dataset'] === undefined || event['dataset'] === null ? undefined : 'dataset';
}

function timeOf(value: unknown, now: Date): [Date, Fault?] {
  const at = '/eventTime';
  const time = typeof value === 'string' ? new Date(value) : undefined;
  // A missing or unreadable time is already a fault of the form.
  if (time === undefined || Number.isNaN(time.getTime())) return [now];
  if (time.getTime() > now.getTime() + MOST_AHEAD_MS)
    return [now, { at, message: `is more than a day ahead of the time here, ${now.toISOString()}` }];
  // PostgreSQL keeps years up to 294276, JavaScript fewer; before 1970 there were no such events.
  if (time.getTime() < 0) return [now, { at, message: 'is before 1970' }];
  return [time];
}

/** Goes through an event without secrets and collects what it says; what it cannot use it remarks on. */
class Reader {
  constructor(
    private readonly event: Json,
    private readonly remarks: Fault[],
    private readonly memory: EventMemory = new EventMemory(),
  ) {}

  facts(kind: EventKind, time: Date): EventFacts {
    const job = kind === 'dataset' ? undefined : this.job();
    const datasets =
      kind === 'dataset'
        ? this.dataset(this.event['dataset'], 'static', '/dataset')
        : [...this.datasets('inputs', 'input'), ...this.datasets('outputs', 'output')];
    const type = this.event['eventType'];
    return {
      kind,
      type: EVENT_TYPES.find((one) => one === type) ?? null,
      time,
      producer: text(this.event['producer']) ?? null,
      ...(kind === 'run' && { run: this.run() }),
      ...(job && { job }),
      datasets,
      flow: this.rememberedFlow(kind, type, job, datasets),
    };
  }

  private job(): Named & { facets: Facets } {
    const job = this.event['job'] as Json;
    return { ...named(job), facets: this.facets(job['facets'], '/job/facets') };
  }

  private run(): NonNullable<EventFacts['run']> {
    const run = this.event['run'] as Json;
    const facets = this.facets(run['facets'], '/run/facets');
    const parent = facets['parent'] ?? facets['parentRun'];
    const parentJob = isObject(parent) && isObject(parent['job']) ? parent['job'] : undefined;
    const parentRun = isObject(parent) && isObject(parent['run']) ? parent['run'] : undefined;
    const nominal = facets['nominalTime'];
    const error = facets['errorMessage'];
    const message = error ? text(error['message']) : undefined;
    return {
      id: String(run['runId']),
      ...(parentJob &&
        text(parentJob['name']) !== undefined && {
          parent: { runId: text(parentRun?.['runId']) ?? null, job: named(parentJob) },
        }),
      ...dated('nominalStart', nominal?.['nominalStartTime']),
      ...dated('nominalEnd', nominal?.['nominalEndTime']),
      ...(message !== undefined && { error: message }),
    };
  }

  private datasets(list: 'inputs' | 'outputs', role: 'input' | 'output'): DatasetFacts[] {
    const given = this.event[list] ?? [];
    if (!Array.isArray(given)) return [];
    const found = new Map<string, DatasetFacts>();
    for (const [index, one] of given.entries())
      for (const dataset of this.dataset(one, role, `/${list}/${index}`)) {
        const key = nameKeyOf(dataset);
        const known = found.get(key);
        // Spark names one table once for each of its scans.
        found.set(key, known ? { ...dataset, facets: { ...known.facets, ...dataset.facets } } : dataset);
      }
    return [...found.values()];
  }

  private dataset(value: unknown, role: DatasetFacts['role'], at: string): DatasetFacts[] {
    // The fault itself stands among the remarks of the form.
    if (!isObject(value) || typeof value['namespace'] !== 'string' || typeof value['name'] !== 'string') return [];
    const facets = this.facets(value['facets'], `${at}/facets`);
    const lifecycle = this.lifecycle(facets['lifecycleStateChange'], `${at}/facets/lifecycleStateChange`);
    return [
      {
        ...named(value),
        role,
        facets,
        symlinks: this.symlinks(facets['symlinks'], `${at}/facets/symlinks`),
        ...(lifecycle && { lifecycle }),
      },
    ];
  }

  private facets(value: unknown, at: string): Facets {
    if (value === undefined || value === null) return {};
    if (!isObject(value)) return {};
    const kept: [string, Json | null][] = [];
    for (const [name, facet] of Object.entries(value)) {
      if (!isObject(facet)) {
        this.remark(`${at}/${pointer(name)}`, 'is no facet: a facet is an object');
        continue;
      }
      const faults = this.memory.ofFacet(facet, () => facetFaults(facet, '').slice(0, 2));
      for (const { at: inside, message } of faults) this.remark(`${at}/${pointer(name)}${inside}`, message);
      kept.push([name, facet['_deleted'] === true ? null : facet]);
    }
    return Object.fromEntries(kept);
  }

  private symlinks(facet: Json | null | undefined, at: string): (Named & { type: string })[] {
    return this.list(facet?.['identifiers'], `${at}/identifiers`).flatMap(([one, where]) => {
      if (isNamed(one)) return [{ ...named(one), type: text(one['type']) ?? '' }];
      this.remark(where, 'has no namespace and name');
      return [];
    });
  }

  private lifecycle(facet: Json | null | undefined, at: string): DatasetFacts['lifecycle'] {
    if (!facet) return undefined;
    const change = LIFECYCLES.find((one) => one === facet['lifecycleStateChange']);
    if (!change) {
      this.remark(`${at}/lifecycleStateChange`, `must be one of ${LIFECYCLES.join(', ')}`);
      return undefined;
    }
    const previous = facet['previousIdentifier'];
    if (change === 'RENAME' && !isNamed(previous))
      this.remark(`${at}/previousIdentifier`, 'is missing: renamed from what?');
    return { change, ...(isNamed(previous) && { previous: named(previous) }) };
  }

  private rememberedFlow(
    kind: EventKind,
    type: unknown,
    job: (Named & { facets: Facets }) | undefined,
    datasets: readonly DatasetFacts[],
  ): Flow {
    const parts = datasets.flatMap(({ role, namespace, name, facets }) => {
      const { lineage, columnLineage, lifecycleStateChange } = facets;
      return [role, namespace, name, lineage, columnLineage, lifecycleStateChange];
    });
    const of = job ?? datasets[0];
    const owner = `${kind} ${String(type)} ${of?.namespace}\0${of?.name}`;
    return this.memory.flow(owner, [job?.facets['lineage'], ...parts], () => {
      const before = this.remarks.length;
      const flow = this.flow(job, datasets);
      return { flow, lasting: this.remarks.length === before };
    });
  }

  private flow(job: (Named & { facets: Facets }) | undefined, datasets: readonly DatasetFacts[]): Flow {
    const links: Link[] = [];
    const columnLinks: Link[] = [];
    const explicitOutputs: Named[] = [];
    const own = job && named(job);
    const entries = job?.facets['lineage'];
    if (entries) this.entries(entries, own, links, explicitOutputs);
    for (const [list, role] of [['inputs', 'input'] as const, ['outputs', 'output'] as const, ['', 'static'] as const])
      for (const [index, dataset] of datasets.filter((one) => one.role === role).entries()) {
        const at = list === '' ? '/dataset/facets' : `/${list}/${index}/facets`;
        const { lineage, columnLineage } = dataset.facets;
        if (lineage) {
          explicitOutputs.push(named(dataset));
          this.sources(lineage, named(dataset), own, links, `${at}/lineage`);
        }
        if (columnLineage) this.columns(columnLineage, named(dataset), columnLinks, `${at}/columnLineage`);
        const { lifecycle } = dataset;
        // What gets another's name gets its rows.
        if (lifecycle?.change === 'RENAME' && lifecycle.previous)
          links.push({ from: lifecycle.previous, to: named(dataset), type: 'DIRECT', subtype: 'IDENTITY' });
      }
    return inOrder({
      ...(own && { job: own }),
      inputs: datasets.filter(({ role }) => role === 'input').map(named),
      outputs: datasets.filter(({ role }) => role === 'output').map(named),
      dropped: datasets.filter(({ role, lifecycle }) => role === 'output' && lifecycle?.change === 'DROP').map(named),
      explicit: Boolean(entries),
      explicitOutputs,
      links,
      columnLinks,
    });
  }

  /** The `lineage` facet of a job. */
  private entries(facet: Json, own: Named | undefined, links: Link[], explicitOutputs: Named[]): void {
    for (const [entry, at] of this.list(facet['entries'], '/job/facets/lineage/entries')) {
      const target = isObject(entry) ? this.end(entry, own, at) : undefined;
      if (!isObject(entry) || !target) continue;
      if (!target.job) explicitOutputs.push(named(target));
      this.sources(entry, target, own, links, at);
    }
  }

  /** `inputs` and `fields` of a `lineage` facet or of one of its entries. */
  private sources(said: Json, to: LinkEnd, own: Named | undefined, links: Link[], at: string): void {
    const read = (value: unknown, target: LinkEnd, where: string) => {
      for (const [input, place] of this.list(value, where)) {
        const from = isObject(input) ? this.end(input, own, place) : undefined;
        if (!isObject(input) || !from) continue;
        links.push(...this.transformed(from, target, input['transformations'], `${place}/transformations`));
      }
    };
    read(said['inputs'], to, `${at}/inputs`);
    if (!isObject(said['fields'])) return;
    for (const [field, entry] of Object.entries(said['fields'])) {
      const where = `${at}/fields/${pointer(field)}`;
      if (isObject(entry)) read(entry['inputs'], { ...to, field }, `${where}/inputs`);
      else this.remark(where, 'must be an object');
    }
  }

  private end(said: Json, own: Named | undefined, at: string): LinkEnd | undefined {
    if (said['type'] === 'JOB') {
      const job = isNamed(said) ? named(said) : own;
      if (job) return { ...job, job: true };
    } else if (isNamed(said)) {
      const field = text(said['field']);
      return { ...named(said), ...(field !== undefined && { field }) };
    }
    this.remark(at, 'does not say which dataset or job it means');
    return undefined;
  }

  private columns(facet: Json, to: Named, links: Link[], at: string): void {
    const { fields } = facet;
    if (!isObject(fields)) this.remark(`${at}/fields`, 'must be an object');
    else
      for (const [field, entry] of Object.entries(fields)) {
        if (!isObject(entry)) continue;
        for (const [input, where] of this.list(entry['inputFields'], `${at}/fields/${pointer(field)}/inputFields`)) {
          const from = this.column(input, where);
          if (from && isObject(input))
            links.push(...this.transformed(from, { ...to, field }, input['transformations'], where, entry));
        }
      }
    for (const [input, where] of this.list(facet['dataset'], `${at}/dataset`)) {
      const from = this.column(input, where);
      if (from && isObject(input))
        links.push(
          ...this.transformed(from, to, input['transformations'], where).map((link): Link => ({
            ...link,
            type: 'INDIRECT',
          })),
        );
    }
  }

  private column(input: unknown, at: string): LinkEnd | undefined {
    const field = isNamed(input) ? text(input['field']) : undefined;
    if (isNamed(input) && field !== undefined) return { ...named(input), field };
    this.remark(at, 'does not say which column it means');
    return undefined;
  }

  /** A link for each transformation. `older` is where `transformationType` stood before there were lists of them. */
  private transformed(from: LinkEnd, to: LinkEnd, list: unknown, at: string, older?: Json): Link[] {
    const links = this.list(list, at).flatMap(([one]): Link[] => {
      if (!isObject(one)) return [];
      const type = String(one['type']).toUpperCase() === 'INDIRECT' ? 'INDIRECT' : 'DIRECT';
      const subtype = text(one['subtype'])?.toUpperCase();
      const description = text(one['description']);
      return [
        {
          ...{ from, to, type },
          ...(subtype !== undefined && { subtype }),
          ...(description !== undefined && { description }),
          ...(one['masking'] === true && { masking: true as const }),
        },
      ];
    });
    if (links.length > 0) return links;
    const legacy = text(older?.['transformationType'])?.toUpperCase();
    const description = text(older?.['transformationDescription']);
    const more = description !== undefined && { description };
    if (legacy === 'MASKED')
      return [{ ...{ from, to }, type: 'DIRECT', subtype: 'TRANSFORMATION', ...more, masking: true }];
    if (legacy !== undefined) return [{ ...{ from, to }, type: 'DIRECT', subtype: legacy, ...more }];
    return [{ from, to, ...more }];
  }

  private list(value: unknown, at: string): [unknown, string][] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value.map((one: unknown, index) => [one, `${at}/${index}`]);
    this.remark(at, 'must be a list');
    return [];
  }

  private remark(at: string, message: string): void {
    this.remarks.push({ at, message });
  }
}

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const isNamed = (value: unknown): value is Json & Named =>
  isObject(value) && typeof value['namespace'] === 'string' && typeof value['name'] === 'string';
/** Of a dataset, a job or an end, only its name. */
function named({ namespace, name }: Json | Named): Named {
  return { namespace: String(namespace), name: String(name) };
}

function dated<N extends 'nominalStart' | 'nominalEnd'>(name: N, value: unknown): Partial<Record<N, Date>> {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  if (date === undefined || Number.isNaN(date.getTime())) return {};
  return { [name]: date } as Partial<Record<N, Date>>;
}
