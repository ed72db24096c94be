import { Injectable } from '@nestjs/common';

/** Statements that may run at once in one source, whoever asks. */
export const LANES_PER_SOURCE = 2;

interface Lanes {
  free: number;
  readonly waiting: (() => void)[];
}

/** Keeps the load on each source small: a few statements at once, over all runs of this process. */
@Injectable()
export class SourceLanes {
  private readonly ofSource = new Map<string, Lanes>();

  /** Does the work as soon as the source has room. Throws the signal's reason when it aborts before that. */
  async through<T>(sourceId: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const lanes = this.lanesOf(sourceId);
    await this.enter(lanes, signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = lanes.waiting.shift();
      if (next) next();
      else lanes.free++;
    }
  }

  private lanesOf(sourceId: string): Lanes {
    const known = this.ofSource.get(sourceId);
    if (known) return known;
    const lanes: Lanes = { free: LANES_PER_SOURCE, waiting: [] };
    this.ofSource.set(sourceId, lanes);
    return lanes;
  }

  private enter(lanes: Lanes, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (lanes.free > 0) {
      lanes.free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        lanes.waiting.splice(lanes.waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      lanes.waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
