import { AppError } from '#kernel';

/** Where a source is, as far as a person may see it. Never a secret. */
export interface SourceAddress {
  /** `PostgreSQL`, `The folder` … */
  readonly product: string;
  /** A host, or a path. */
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
}

const place = ({ product, host, port }: SourceAddress) =>
  host === undefined ? product : `${product} at ${host}${port === undefined ? '' : `:${port}`}`;

const inDatabase = ({ database }: SourceAddress) => (database === undefined ? '' : `, database "${database}",`);

const user = ({ user }: SourceAddress) => (user === undefined ? 'Plumbline' : `the user ${user}`);

/** Nothing answers, the name is not known, or the answer is not the expected protocol. */
export class SourceUnreachable extends AppError {
  readonly code = 'SOURCE_UNREACHABLE';

  constructor(address: SourceAddress, reason: string) {
    const advice =
      address.port === undefined
        ? 'Check that it exists where Plumbline runs, and that Plumbline may read it.'
        : 'Check host, port and firewall, and that the server runs.';
    super(`${place(address)} cannot be reached: ${reason}. ${advice}`, { ...address });
  }
}

/** The source does not know this user with this password, or does not let it in from here. */
export class SourceLoginRefused extends AppError {
  readonly code = 'SOURCE_LOGIN_REFUSED';

  constructor(address: SourceAddress, reason: string) {
    super(
      `${place(address)} refuses ${user(address)}: ${reason}. Check user and password, and what the server allows from ` +
        'this machine.',
      { ...address },
    );
  }
}

/** The server has no such database. */
export class SourceDatabaseUnknown extends AppError {
  readonly code = 'SOURCE_DATABASE_UNKNOWN';

  constructor(address: SourceAddress) {
    super(`${place(address)} has no database "${address.database ?? ''}". Check its spelling; case matters.`, {
      ...address,
    });
  }
}

/** The user may not do this. */
export class SourcePermissionDenied extends AppError {
  readonly code = 'SOURCE_PERMISSION_DENIED';

  constructor(address: SourceAddress, reason: string) {
    super(
      `${place(address)}${inDatabase(address)} does not allow this to ${user(address)}: ${reason}. Ask its administrator ` +
        'for the right to read.',
      { ...address },
    );
  }
}

/** The time given to the call, or to waiting for a lock, ran out. */
export class SourceTimedOut extends AppError {
  readonly code = 'SOURCE_TIMED_OUT';

  constructor(address: SourceAddress, reason: string) {
    super(`${place(address)} took too long: ${reason}. Allow more time, or ask for less.`, { ...address });
  }
}

/** The caller stopped the call, or an administrator of the source did. */
export class SourceCallCancelled extends AppError {
  readonly code = 'SOURCE_CALL_CANCELLED';

  constructor(address: SourceAddress, by: 'caller' | 'source') {
    super(
      by === 'caller'
        ? `The work in ${place(address)} was stopped because nobody waits for it any more.`
        : `${place(address)} stopped the statement at an administrator's request.`,
      { ...address, by },
    );
  }
}

/** The source understood us, and would not or could not run the statement. */
export class SourceQueryFailed extends AppError {
  readonly code = 'SOURCE_QUERY_FAILED';

  constructor(
    address: SourceAddress,
    /** Why, in words that fit after a colon and hold no values of the data. */
    readonly reason: string,
    engineCode?: string,
  ) {
    super(`${place(address)} could not run the statement: ${reason}.`, { ...address, engineCode });
  }
}
