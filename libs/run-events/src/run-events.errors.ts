import { AppError } from '#kernel';

export class ReceiverNameTaken extends AppError {
  readonly code = 'RECEIVER_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a receiver named ${JSON.stringify(name)} already.`, { name });
  }
}

/** A receiver does not want an event, and will not want it when it is sent again. */
export class ReceiverRefused extends AppError {
  readonly code = 'RECEIVER_REFUSED';

  constructor(name: string, status: number, answer: string) {
    super(
      `The receiver ${JSON.stringify(name)} refused the event (HTTP ${status})${answer === '' ? '.' : `: ${answer}`}`,
      { name, status },
    );
  }
}
