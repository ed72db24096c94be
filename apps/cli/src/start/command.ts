import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { type Running } from './start.js';

/** `plumbline start`: everything in one process group, until Ctrl-C. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('start the catalog: database, API, worker; on the first start also the demo')
    .option('--port <port>', 'port of the API', Number)
    .option('--data <folder>', 'folder of the database, key and demo')
    .option('--no-demo', 'do not make the demo bank')
    .action(async (options: { port?: number; data?: string; demo: boolean }) => {
      const say = (sentence: string) => process.stdout.write(`  ${sentence}\n`);
      process.stdout.write('Plumbline is starting …\n');
      let running: Running | undefined;
      let ending = false;
      const end = async (code: number) => {
        if (ending) return;
        ending = true;
        if (running) process.stdout.write('\nStopping …\n');
        await running?.stop();
        process.exit(code);
      };
      // Ctrl-C during the start waits for the step at hand, so that it can be undone.
      let wanted = false;
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => {
          wanted = true;
          if (running) void end(0);
        });
      if (process.send) process.on('disconnect', () => void end(0));
      try {
        // Loaded here, so that the other commands start fast.
        const { startAll } = await import('./start.js');
        running = await startAll(options, say);
        const { demoOnFirstStart } = await import('../demo/demo.js');
        if (options.demo && !wanted) await demoOnFirstStart(running, say);
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
        return end(1);
      }
      if (wanted) return end(0);
      process.stdout.write(`\nPlumbline is ready: ${running.url}\n`);
      if (running.firstPassword !== undefined)
        process.stdout.write(
          `Sign in as "admin" with the one-time password ${running.firstPassword}\n` +
            'It is shown this once; you choose your own when you sign in.\n',
        );
      process.stdout.write('Ctrl-C stops it.\n');
    });
}
