import { AccountEntity } from './account.entity.js';
import { ApiTokenEntity } from './api-token.entity.js';
import { SessionEntity } from './session.entity.js';

export { accountCursor, Accounts, type NewAccount } from './accounts.js';
export { AccountEntity } from './account.entity.js';
export { ApiTokenEntity } from './api-token.entity.js';
export { ApiTokens } from './api-tokens.js';
export { LastAdministrator, LoginTaken, TooManyAttempts, WeakPassword, WrongPassword } from './identity.errors.js';
export { IdentityModule } from './identity.module.js';
export { type Recognised, SignIn } from './sign-in.js';

export const identityEntities = [AccountEntity, ApiTokenEntity, SessionEntity];
