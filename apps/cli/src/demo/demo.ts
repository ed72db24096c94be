import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from '../client/client.js';
import { writeLine, writeRows } from '../client/output.js';
import { type Running } from '../start/start.js';

/** The demo is made on the embedded server only: it needs databases of its own. */
export async function demoOnFirstStart(running: Running, say: (sentence: string) => void): Promise<void> {
  const { embedded, settings, token, apiUrl } = running;
  const doneFile = join(settings.dataDir, 'demo', 'done.json');
  if (!embedded || existsSync(doneFile)) return;
  const folder = join(settings.dataDir, 'demo', 'bureau');
  mkdirSync(folder, { recursive: true });
  chmodSync(join(settings.dataDir, 'demo'), 0o750);
  // DuckDB and the generator stay out of the memory of every later start.
  const [{ makeDemo }, { doMainJob }] = await Promise.all([import('#demo'), import('./main-job.js')]);
  say('Making the demo bank');
  const began = Date.now();
  const places = await makeDemo({
    adminUrl: embedded.url('postgres'),
    folder,
    onProgress: progressLine(say),
  });
  const made = Date.now();
  const lines = await doMainJob(new Client(apiUrl, token), places, say);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`;
  writeLine('');
  writeRows(
    { json: false },
    [
      ['Demo bank', `made in ${seconds(began, made)}`] as const,
      ...lines,
      ['All of it', seconds(began, Date.now())] as const,
    ],
    { Done: ([what]) => what, Result: ([, result]) => result },
  );
  writeFileSync(doneFile, JSON.stringify({ madeAt: new Date().toISOString(), counts: places.counts }, null, 2));
}

/** On a terminal one line that counts up; elsewhere a line for each tenth. */
function progressLine(say: (sentence: string) => void): (step: string, share: number) => void {
  let tenth = -1;
  return (step, share) => {
    const percent = `${Math.round(share * 100)} %`;
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\u001b[K  ${percent} ${step}${share === 1 ? '\n' : ''}`);
    } else if (Math.floor(share * 10) > tenth) {
      tenth = Math.floor(share * 10);
      say(`${percent} ${step}`);
    }
  };
}
