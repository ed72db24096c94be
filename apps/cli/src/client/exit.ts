import { AppError } from '#kernel';

/** Exit codes of the command, the same for every command. */
export const EXIT = {
  ok: 0,
  /** The server, the network or Plumbline itself failed. */
  failed: 1,
  /** The input was wrong: a flag, an id, a refused change. */
  input: 2,
  /** What was asked for was done, and the answer is bad: rules failed, a job ended partially. */
  bad: 3,
  /** Nothing is wrong as far as could be seen, but some of it could not be looked at: no rule failed, some could not be run. */
  unasked: 4,
} as const;

/** The command cannot do what was asked; ends it with an exit code. */
export class CommandFailed extends AppError {
  readonly code = 'COMMAND_FAILED';

  constructor(
    sentence: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(sentence);
  }
}
