import {
  type SourceAddress,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourcePermissionDenied,
  SourceCallCancelled,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
} from '#core/connector-kit';
import { AppError, messageOf } from '#kernel';

const codeOf = (error: unknown): string | undefined => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** SQLSTATE: five characters, unlike the names of the operating system's errors. */
const sqlStateOf = (error: unknown): string | undefined => {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

/** Says what an error of the driver or the server means, in a sentence with the place and without the password. */
export function explainPgError(error: unknown, address: SourceAddress): AppError {
  if (error instanceof AppError) return error;
  const state = sqlStateOf(error);
  return state === undefined ? connectionError(error, address) : serverError(state, messageOf(error), address);
}

function serverError(state: string, message: string, address: SourceAddress): AppError {
  switch (state) {
    case '28P01':
      return new SourceLoginRefused(address, 'the password is wrong, or there is no such user');
    case '28000':
      return new SourceLoginRefused(address, message);
    case '3D000':
      return new SourceDatabaseUnknown(address);
    case '42501':
      return new SourcePermissionDenied(address, message);
    case '25006':
      return new SourcePermissionDenied(address, `the connection only reads (${message})`);
    case '55P03':
      return new SourceTimedOut(address, 'another session holds a lock on what was asked for');
    case '57014':
      return message.includes('timeout')
        ? new SourceTimedOut(address, 'the statement reached its time limit')
        : new SourceCallCancelled(address, 'source');
    case '53300':
    case '57P01':
    case '57P02':
    case '57P03':
      return new SourceUnreachable(address, message);
    default:
      // Class 08 is a broken connection. Messages of class 22 (bad data) and 23 (broken constraint) quote values.
      if (state.startsWith('08')) return new SourceUnreachable(address, message);
      return new SourceQueryFailed(
        address,
        state.startsWith('22') || state.startsWith('23')
          ? `it met a value it cannot handle (SQLSTATE ${state})`
          : message,
        state,
      );
  }
}

function connectionError(error: unknown, address: SourceAddress): AppError {
  const message = messageOf(error);
  switch (codeOf(error) ?? '') {
    case 'ECONNREFUSED':
      return new SourceUnreachable(address, 'nothing listens there');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SourceUnreachable(address, 'the host name is not known');
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new SourceUnreachable(address, 'no answer came back');
    default:
      if (message.startsWith('SASL:') && message.includes('password'))
        return new SourceLoginRefused(address, 'the server asks for a password and none is set');
      if (message.includes('timeout exceeded when trying to connect'))
        return new SourceUnreachable(address, 'no connection was free or answered in time');
      return new SourceUnreachable(address, message);
  }
}
