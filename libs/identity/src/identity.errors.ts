import { AppError } from '#kernel';

/** Login and password do not go together. It does not say which is wrong. */
export class WrongPassword extends AppError {
  readonly code = 'WRONG_PASSWORD';

  constructor() {
    super(
      'The login and the password do not go together, or the account is disabled. Ask an administrator if you forgot it.',
    );
  }
}

/** Somebody tries passwords. */
export class TooManyAttempts extends AppError {
  readonly code = 'TOO_MANY_ATTEMPTS';

  constructor(minutes: number) {
    super(`There were too many failed sign-ins for this login. Try again in ${minutes} minutes.`);
  }
}

/** The password is too easy to guess. */
export class WeakPassword extends AppError {
  readonly code = 'WEAK_PASSWORD';

  constructor(why: string, path: readonly string[]) {
    super(`This password cannot be used: ${why}.`, {}, path);
  }
}

/** The login is taken. */
export class LoginTaken extends AppError {
  readonly code = 'LOGIN_TAKEN';

  constructor(login: string) {
    super(`There is an account ${JSON.stringify(login)} already. Choose another login.`, { login }, ['login']);
  }
}

/** Nobody would be left to administer. */
export class LastAdministrator extends AppError {
  readonly code = 'LAST_ADMINISTRATOR';

  constructor(login: string) {
    super(
      `${JSON.stringify(login)} is the last administrator who can sign in. Make somebody else administrator first.`,
    );
  }
}
