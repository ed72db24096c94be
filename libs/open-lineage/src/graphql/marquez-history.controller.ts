import { Controller, Get, Param, Query } from '@nestjs/common';
import { Clock, InvalidInput } from '#kernel';
import { SignedIn } from '#platform/graphql';

import { MarquezHistoryStore, type Period, PERIODS } from '../marquez-history.store.js';
import { MarquezStore, type RunRecord } from '../marquez.store.js';
import { type Asked, found, ONE, rangeOf, textIn, whole } from './asked.js';
import { toDatasetVersion, toJobVersion } from './marquez-shapes.js';

const MOST_RUNS = 1_000;
const ISO_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What Marquez's API tells of the past: versions, the runs before a run, counts over time. */
@SignedIn()
@Controller('api/v1')
export class MarquezHistoryController {
  constructor(
    private readonly store: MarquezStore,
    private readonly history: MarquezHistoryStore,
    private readonly clock: Clock,
  ) {}

  @Get('namespaces/:namespace/datasets/:dataset/versions')
  async datasetVersions(@Param('namespace') namespace: string, @Param('dataset') name: string, @Query() asked: Asked) {
    const named = { namespace, name };
    const { datasets } = await this.store.datasets({ named: [named] }, ONE);
    found(datasets[0], 'dataset', name);
    const versions = await this.history.versionsOf(named, null, rangeOf(asked));
    return { versions: versions.map((one) => toDatasetVersion(named, one)), totalCount: versions.length };
  }

  @Get('namespaces/:namespace/datasets/:dataset/versions/:version')
  async datasetVersion(
    @Param('namespace') namespace: string,
    @Param('dataset') name: string,
    @Param('version') version: string,
  ) {
    const named = { namespace, name };
    const [one] = ISO_UUID.test(version) ? await this.history.versionsOf(named, version, ONE) : [];
    return toDatasetVersion(named, found(one, 'version', version));
  }

  @Get('namespaces/:namespace/jobs/:job/versions')
  async jobVersions(@Param('namespace') namespace: string, @Param('job') name: string, @Query() asked: Asked) {
    const named = { namespace, name };
    const { jobs } = await this.store.jobs({ keys: [this.store.keyOf(named)] }, ONE);
    found(jobs[0], 'job', name);
    const versions = await this.history.jobVersions(named, null, rangeOf(asked));
    return { versions: versions.map((one) => toJobVersion(named, one)), totalCount: versions.length };
  }

  @Get('namespaces/:namespace/jobs/:job/versions/:version')
  async jobVersion(
    @Param('namespace') namespace: string,
    @Param('job') name: string,
    @Param('version') version: string,
  ) {
    const named = { namespace, name };
    const [one] = ISO_UUID.test(version) ? await this.history.jobVersions(named, version, ONE) : [];
    return toJobVersion(named, found(one, 'version', version));
  }

  /** The runs that wrote what a run read, and so on. */
  @Get('runlineage/upstream')
  async upstream(@Query() asked: Asked) {
    const runId = textIn(asked, 'runId');
    if (runId === undefined) throw new InvalidInput('"runId" is missing: a run\'s id.', [], ['runId']);
    const runs = new Map<string, object>();
    let next: RunRecord[] = [found(await this.store.run(runId), 'run', runId)];
    for (let depth = whole(asked, 'depth', 20); depth >= 0 && next.length > 0; depth--) {
      const producers = new Map<string, RunRecord>();
      for (const run of next) {
        if (runs.has(run.runId) || runs.size >= MOST_RUNS) continue;
        const inputs = await this.history.inputsOf(run);
        for (const { producer } of inputs) if (producer) producers.set(producer.runId, producer);
        runs.set(run.runId, {
          job: { namespace: run.namespace, name: run.name, version: null },
          run: { id: run.runId, start: run.startAt ?? run.firstAt, end: run.endAt, status: run.state },
          inputs: inputs.map(({ namespace, name, version, producer }) => ({
            ...{ namespace, name, version, producer_run_id: producer?.runId ?? null },
          })),
        });
      }
      next = [...producers.values()];
    }
    return { runs: [...runs.values()] };
  }

  @Get('stats/lineage-events')
  eventStatistics(@Query() asked: Asked) {
    return this.history.events(periodIn(asked), timezoneIn(asked), this.clock.now());
  }

  @Get('stats/:what')
  statistics(@Param('what') what: string, @Query() asked: Asked) {
    const counted = COUNTED.find((one) => one === what);
    return this.history.counts(
      found(counted, 'statistics', what),
      ...([periodIn(asked), timezoneIn(asked), this.clock.now()] as const),
    );
  }
}

const COUNTED = ['jobs', 'datasets', 'sources'] as const;

function periodIn(asked: Asked): Period {
  const period = (textIn(asked, 'period') ?? 'DAY').toUpperCase();
  if (period in PERIODS) return period as Period;
  throw new InvalidInput(`"period" is DAY or WEEK, not ${period}.`, [], ['period']);
}

function timezoneIn(asked: Asked): string {
  const timezone = textIn(asked, 'timezone') ?? 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidInput(`"timezone" is a name like Asia/Shanghai, not ${timezone}.`, [], ['timezone']);
  }
}
