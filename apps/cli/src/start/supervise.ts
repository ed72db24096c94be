import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a part says once it is ready; further messages answer {@link Part.ask}. */
export interface Ready {
  readonly ready: true;
  readonly port?: number;
  /** One-time password of "admin", when this start made that account. */
  readonly firstPassword?: string;
}

export interface PartOptions {
  readonly name: string;
  readonly script: string;
  /** Of Node. */
  readonly flags?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly say: (sentence: string) => void;
}

const LARGEST_LOG = 20 * 1024 * 1024;
const LONGEST_PAUSE_MS = 30_000;

/** A process of the product that is started again when it ends by itself. */
export class Part {
  private child: ChildProcess | undefined;
  private stopping = false;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: PartOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it. @throws an Error with the part's own sentence when it does not get ready. */
  async start(): Promise<Ready> {
    const { name, script, env, logFile, flags = [] } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    if (existsSync(logFile) && statSync(logFile).size > LARGEST_LOG) renameSync(logFile, `${logFile}.1`);
    const log = openSync(logFile, 'a', 0o640);
    const child = fork(script, [], {
      execArgv: [...process.execArgv, ...flags],
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child = child;
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    const ready = await new Promise<Ready>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(
          new Error(`The ${name} ended before it was ready (exit code ${code ?? 'none'}). Its log is ${logFile}.`),
        ),
      );
      child.on('message', (message: { ready?: true; failed?: string }) => {
        if (message.failed !== undefined) reject(new Error(message.failed));
        else if (message.ready) resolve(message as Ready);
      });
    });
    child.once('exit', () => void this.startAgain());
    return ready;
  }

  /** Sends a question and waits for the answer of the same name. */
  ask<T>(question: string): Promise<T> {
    const { child } = this;
    if (!child) return Promise.reject(new Error(`The ${this.options.name} is not running.`));
    return new Promise<T>((resolve, reject) => {
      const onMessage = (message: { answer?: string; value?: T; failed?: string }) => {
        if (message.answer !== question) return;
        child.off('message', onMessage);
        if (message.failed !== undefined) reject(new Error(message.failed));
        else resolve(message.value as T);
      };
      child.on('message', onMessage);
      child.send({ ask: question });
    });
  }

  /** Lets it finish what it does, for up to `seconds`, then ends it. */
  async stop(seconds = 15): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const stopped = await Promise.race([this.ended.then(() => true), sleep(seconds * 1000, false, { ref: false })]);
    if (!stopped) child.kill('SIGKILL');
    await this.ended;
  }

  private async startAgain(): Promise<void> {
    for (let pause = 1_000; !this.stopping; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.options.say(
        `The ${this.options.name} has ended unexpectedly (log: ${this.options.logFile}); starting it again.`,
      );
      await sleep(pause);
      if (this.stopping) return;
      try {
        await this.start();
        return;
      } catch (error) {
        this.options.say(error instanceof Error ? error.message : String(error));
      }
    }
  }
}
