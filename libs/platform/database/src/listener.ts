import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

/**
 * Hears PostgreSQL's NOTIFY on some channels, over one connection of its own that is opened again when it breaks.
 * Emits the channel's name with the payload, and "again" after a break: what was said meanwhile was missed, so
 * whoever listens looks for himself.
 */
export class Listener extends EventEmitter {
  private client: pg.Client | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly channels: readonly string[],
    private readonly applicationName: string,
  ) {
    super();
  }

  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.applicationName,
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => this.emit(channel, payload ?? ''));
    client.on('error', () => undefined);
    try {
      await client.connect();
      for (const channel of this.channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    // Only now: 'end' also fires for a connection that never opened, and whoever tried to open it tries again by himself.
    client.once('end', () => void this.reopen());
    this.client = client;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end();
  }

  private async reopen(): Promise<void> {
    while (!this.closed) {
      await sleep(500, undefined, { ref: false });
      try {
        await this.open();
        this.emit('again');
        return;
      } catch {
        // The server is still away.
      }
    }
  }
}
