const MANY = 10;

/** How far many files are, on one line of a terminal. */
export class Progress {
  private done = 0;
  private readonly shown: boolean;

  constructor(private readonly files: number) {
    this.shown = files >= MANY && process.stderr.isTTY === true && process.stdout.isTTY !== true;
  }

  step(): void {
    this.done++;
    if (this.shown) process.stderr.write(`\r${this.done} of ${this.files} files`);
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
  }
}
