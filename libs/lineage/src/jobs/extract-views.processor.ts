import { Injectable } from '@nestjs/common';
import { type JobContext, type JobOutcome, type JobProcessor } from '#platform/queue';
import { Sources } from '#sources';
import { type Static } from 'typebox';

import { extractViews } from '../lineage.jobs.js';
import { LineageReader } from '../lineage-reader.js';
import { ScriptStore } from '../script.store.js';
import { LineageScripts } from '../scripts.js';
import { outcomeOf } from './outcome.js';
import { ReadingThreads } from './reading-threads.js';

/** Reads what a source declares now, and the scripts elsewhere that name something of it. */
@Injectable()
export class ExtractViewsProcessor implements JobProcessor<typeof extractViews.payload> {
  readonly contract = extractViews;

  constructor(
    private readonly sources: Sources,
    private readonly reader: LineageReader,
    private readonly store: ScriptStore,
    private readonly scripts: LineageScripts,
    private readonly threads: ReadingThreads,
  ) {}

  async run({ sourceId }: Static<typeof extractViews.payload>, context: JobContext): Promise<JobOutcome> {
    const source = await this.sources.get(sourceId);
    await this.reader.followDeclared(context.actor, source);
    const ids = await this.store.dependingOn(sourceId);
    const totals = await this.reader.read(ids, workOf(context, this.threads));
    return outcomeOf(totals, await this.scripts.totals(ids));
  }
}

export const workOf = ({ actor, signal, progress }: JobContext, threads: ReadingThreads) => ({
  threads,
  actor,
  signal,
  progress,
});
