import {
  type SourceAddress,
  SourceCallCancelled,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourcePermissionDenied,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
} from '#core/connector-kit';
import { AppError, messageOf } from '#kernel';

interface DriverError {
  readonly errno?: unknown;
  readonly code?: unknown;
  readonly sqlState?: unknown;
  /** Of our own: the server only warned. */
  readonly takenFor?: unknown;
}

const partsOf = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** The server's error number; the operating system's are negative. */
const numberOf = (error: unknown): number | undefined => {
  const { errno, sqlState } = partsOf(error);
  return typeof errno === 'number' && errno > 0 && typeof sqlState === 'string' ? errno : undefined;
};

/** An error that a server sent, after which its session can be used again. */
export const isServerError = (error: unknown): boolean => numberOf(error) !== undefined;

/** The server speaks no TLS. */
export const hasNoTls = (error: unknown): boolean => partsOf(error).code === 'HANDSHAKE_NO_SSL_SUPPORT';

/** Says what an error of the driver or the server means, in a sentence with the place and without the password. */
export function explainMysqlError(error: unknown, address: SourceAddress): AppError {
  if (error instanceof AppError) return error;
  const number = numberOf(error);
  const { sqlState, takenFor } = partsOf(error);
  if (typeof takenFor === 'string')
    return new SourceQueryFailed(
      address,
      `it read a text as ${takenFor}, and the text is none. Harvest the source if the column's type has changed; otherwise compare it as text`,
      String(number),
    );
  return number === undefined || typeof sqlState !== 'string'
    ? connectionError(error, address)
    : serverError(number, sqlState, messageOf(error), address);
}

/**
 * Disk full, out of memory (three times), table full. Below 1000 are those of the server's files, which quote paths. See
 * https://mariadb.com/kb/en/mariadb-error-codes/
 */
const OF_THE_SERVER = [1021, 1037, 1038, 1041, 1114];

function serverError(number: number, state: string, message: string, address: SourceAddress): AppError {
  switch (number) {
    case 1045: // ER_ACCESS_DENIED_ERROR
    case 1698: // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
      return new SourceLoginRefused(address, 'the password is wrong, or there is no such user');
    case 1130: // ER_HOST_NOT_PRIVILEGED
    case 1251: // ER_NOT_SUPPORTED_AUTH_MODE
    case 1524: // ER_PLUGIN_IS_NOT_LOADED
    case 1820: // ER_MUST_CHANGE_PASSWORD
    case 1862: // ER_MUST_CHANGE_PASSWORD_LOGIN
    case 3118: // ER_ACCOUNT_HAS_BEEN_LOCKED
    case 4151: // the same of MariaDB
      return new SourceLoginRefused(address, message);
    case 1049: // ER_BAD_DB_ERROR
      return new SourceDatabaseUnknown(address);
    case 1044: // ER_DBACCESS_DENIED_ERROR: also for a database that does not exist, so as not to tell
    case 1142: // ER_TABLEACCESS_DENIED_ERROR
    case 1143: // ER_COLUMNACCESS_DENIED_ERROR
    case 1227: // ER_SPECIFIC_ACCESS_DENIED_ERROR
    case 1345: // ER_VIEW_NO_EXPLAIN
    case 1356: // ER_VIEW_INVALID: the definer lacks rights, or what the view reads is gone
    case 1370: // ER_PROCACCESS_DENIED_ERROR
      return new SourcePermissionDenied(address, message);
    case 1792: // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
      return new SourcePermissionDenied(address, `the connection only reads (${message})`);
    case 1205: // ER_LOCK_WAIT_TIMEOUT
      return new SourceTimedOut(address, 'another session holds a lock on what was asked for');
    case 1969: // ER_STATEMENT_TIMEOUT of MariaDB
    case 3024: // ER_QUERY_TIMEOUT of MySQL
      return new SourceTimedOut(address, 'the statement reached its time limit');
    case 1317: // ER_QUERY_INTERRUPTED
      return new SourceCallCancelled(address, 'source');
    case 1040: // ER_CON_COUNT_ERROR
    case 1053: // ER_SERVER_SHUTDOWN
    case 1129: // ER_HOST_IS_BLOCKED
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
    case 1226: // ER_USER_LIMIT_REACHED
    case 1927: // ER_CONNECTION_KILLED
    case 3159: // ER_SECURE_TRANSPORT_REQUIRED
    case 4031: // ER_CLIENT_INTERACTION_TIMEOUT
      return new SourceUnreachable(address, message);
    default:
      if (state.startsWith('08')) return new SourceUnreachable(address, message);
      if (number < 1000 || OF_THE_SERVER.includes(number))
        return new SourceQueryFailed(address, `the server has a problem of its own: ${message}`, String(number));
      // Of the others only messages about the statement itself (class 42) are known to quote no values of the data.
      return new SourceQueryFailed(
        address,
        state.startsWith('42') ? message : `it met a value it cannot handle (error ${number}, SQLSTATE ${state})`,
        String(number),
      );
  }
}

function connectionError(error: unknown, address: SourceAddress): AppError {
  const { code } = partsOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return new SourceUnreachable(address, 'nothing listens there');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SourceUnreachable(address, 'the host name is not known');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new SourceUnreachable(address, 'no answer came back');
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return new SourceUnreachable(address, 'the server does not support TLS');
    case 'PROTOCOL_CONNECTION_LOST':
      return new SourceUnreachable(address, 'the server closed the connection');
    default:
      return new SourceUnreachable(address, messageOf(error));
  }
}
