import { ThreadPool } from '#platform/threads';
import { type Command } from 'commander';

import { answerLines } from './json-lines.js';

interface Options {
  readonly jsonl?: boolean;
}

/** `plumbline lineage extract`: reads SQL here, without a catalog, a server or a database. */
export function addExtract(lineage: Command): void {
  lineage
    .command('extract [path...]')
    .description('read SQL files and show where each column comes from; needs no catalog')
    .option('--jsonl', 'answer JSON Lines on standard input: one script a line, one answer a line')
    .action(async (_paths: string[], _options: Options) => {
      const threads = new ThreadPool({ threads: THREADS });
      try {
        await answerLines(process.stdin, process.stdout, threads, THREADS);
      } finally {
        await threads.close();
      }
    });
}

const THREADS = 2;
