/**
 * Lets through at most one report in `everyMs`, always the latest, and never two writes at once.
 */
export class ProgressWriter {
  private latest: { share: number; message: string | undefined } | undefined;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly write: (share: number, message: string | undefined) => Promise<unknown>,
    private readonly everyMs = 250,
  ) {}

  report(share: number, message?: string): void {
    this.latest = { share: Math.min(1, Math.max(0, share)), message: message ?? this.latest?.message };
    this.timer ??= setTimeout(() => this.flush(), this.everyMs);
  }

  /** Drops what was not written yet and waits for what is being written. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.latest = undefined;
    await this.writing;
  }

  private flush(): void {
    this.timer = undefined;
    const { latest } = this;
    if (!latest) return;
    // A report that cannot be written is not worth failing the job; the next one may be.
    this.writing = this.writing
      .then(() => this.write(latest.share, latest.message))
      .then(
        () => undefined,
        () => undefined,
      );
  }
}
