import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until a question has an answer (anything but undefined, null and false) and gives it.
 * @throws when it has none after `seconds`, naming what was waited for.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  seconds = 20,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(25)) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}.`);
}
