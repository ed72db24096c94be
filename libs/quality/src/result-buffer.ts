import { type Finding } from './run.js';

const MOST_HELD = 100;
const LONGEST_HELD_MS = 1_000;

/** Gathers findings for a second, so that a thousand rules do not make a thousand statements. */
export class ResultBuffer {
  private held: Finding[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly keep: (findings: readonly Finding[]) => Promise<void>) {}

  async add(finding: Finding): Promise<void> {
    this.held.push(finding);
    // What goes wrong then is thrown by the next flush, since writes form a chain.
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), LONGEST_HELD_MS);
    if (this.held.length >= MOST_HELD) await this.flush();
  }

  /** Writes what is held, after what is being written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const findings = this.held;
    this.held = [];
    this.writing = this.writing.then(() => (findings.length === 0 ? undefined : this.keep(findings)));
    await this.writing;
  }
}
