/** How long a caller is willing to wait, and how it says that it no longer is. */
export interface Call {
  /** Aborting it stops the work in the source as well, not only the waiting for it. */
  readonly signal: AbortSignal;
  /** How long the whole call may take, in milliseconds from its start. */
  readonly deadlineMs: number;
}
