import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ThreadPool } from '#platform/threads';

/** The threads that SQL is read in. A parser is a stranger's code fed with a stranger's text. */
@Injectable()
export class ReadingThreads extends ThreadPool implements OnApplicationShutdown {
  constructor() {
    super({ memoryMb: 1_024 });
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
