import { Controller, Get, Header } from '@nestjs/common';
import { rows } from '#platform/database';
import { Public } from '#platform/graphql';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';

/** Prometheus metrics: of the process, and of the jobs of all workers, which are read from the database when asked. */
@Controller()
export class MetricsController {
  private readonly registry = new Registry();

  constructor(db: DataSource) {
    collectDefaultMetrics({ register: this.registry, prefix: 'plumbline_' });
    new Gauge({
      name: 'plumbline_jobs',
      help: 'Jobs by name and state: those that are not finished, and those finished in the last 24 hours.',
      labelNames: ['name', 'state'],
      registers: [this.registry],
      async collect() {
        this.reset();
        const counts = await rows<{ name: string; state: string; count: number }>(
          db,
          `
          SELECT name, state, count(*)::int AS count FROM platform.job
           WHERE finished_at IS NULL OR finished_at > now() - interval '1 day' GROUP BY name, state
          `,
        );
        for (const { name, state, count } of counts) this.set({ name, state }, count);
      },
    });
    new Gauge({
      name: 'plumbline_events_undelivered',
      help: 'Events of the outbox that a consumer could not hear yet, by state.',
      labelNames: ['state'],
      registers: [this.registry],
      async collect() {
        this.reset();
        const counts = await rows<{ state: string; count: number }>(
          db,
          `SELECT state, count(*)::int AS count FROM platform.event_delivery WHERE state <> 'delivered' GROUP BY state`,
        );
        for (const { state, count } of counts) this.set({ state }, count);
      },
    });
  }

  /** No names of sources and no values: it may be read without signing in. */
  @Public()
  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
