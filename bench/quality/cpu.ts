import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second in /proc; the same on every Linux that Node runs on. */
const TICKS = 100;

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly ended: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in parentheses and may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1]!, ticks: fields[11]! + fields[12]!, ended: fields[13]! + fields[14]! };
  } catch {
    return undefined;
  }
}

/** Seconds of processor time that a server has taken: the process, its children, and those that have ended. */
export function serverSeconds(pid: number): number {
  const own = statOf(pid);
  if (own === undefined) throw new Error(`There is no process ${pid}.`);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
    .filter(({ parent }) => parent === pid);
  return (own.ticks + own.ended + children.reduce((sum, { ticks }) => sum + ticks, 0)) / TICKS;
}

/** Seconds of processor time of this process. */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
