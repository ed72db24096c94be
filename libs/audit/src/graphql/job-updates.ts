import { EventEmitter, on } from 'node:events';

import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Settings, SETTINGS } from '#platform/config';
import { Listener } from '#platform/database';
import { JOB_CHANNEL, JobStore } from '#platform/queue';

import { type JobType, toJobType } from './job.types.js';

const LOOK_ANYWAY_MS = 5_000;

/** Lets subscribers follow jobs: one LISTEN connection for all of them, opened with the first. */
@Injectable()
export class JobUpdates implements OnModuleInit, OnApplicationShutdown {
  private readonly listener: Listener;
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly closing = new AbortController();
  private opened: Promise<void> | undefined;

  constructor(
    private readonly jobs: JobStore,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.listener = new Listener(settings.databaseUrl ?? '', [JOB_CHANNEL], 'plumbline api');
  }

  onModuleInit(): void {
    this.listener.on(JOB_CHANNEL, (jobId: string) => this.emitter.emit(jobId));
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.opened;
    await this.listener.close();
  }

  /** The job now, and again each time it changed. Ends after the job has ended. */
  async *follow(id: string): AsyncIterableIterator<JobType> {
    this.opened ??= this.listener.open();
    await this.opened;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.closing.signal]);
    // A notification can be missed while the connection is away, so the row is looked at now and then anyway.
    const timer = setInterval(() => this.emitter.emit(id), LOOK_ANYWAY_MS);
    const told = on(this.emitter, id, { signal });
    try {
      let last = '';
      for (;;) {
        const job = toJobType(await this.jobs.get(id));
        const text = JSON.stringify(job);
        if (text !== last) yield job;
        last = text;
        if (job.finishedAt) return;
        await told.next();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(timer);
      stop.abort();
    }
  }
}
