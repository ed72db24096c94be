import { AppError } from '#kernel';

export class ChannelNameTaken extends AppError {
  readonly code = 'CHANNEL_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a channel named ${JSON.stringify(name)} already.`, { name }, ['name']);
  }
}

/** The other side does not want a message, and will not want it when it is sent again as it is. */
export class ChannelRefused extends AppError {
  readonly code = 'CHANNEL_REFUSED';

  constructor(name: string, why: string) {
    super(`The channel ${JSON.stringify(name)} refused the message: ${why}`, { name });
  }
}

/** Only what failed can be sent again. */
export class NothingToSendAgain extends AppError {
  readonly code = 'NOTHING_TO_SEND_AGAIN';

  constructor(id: string) {
    super('Only a message that failed can be sent again; this one is on its way or was sent.', { id });
  }
}
