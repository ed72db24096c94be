export { type Actor, type Role, ROLES, systemActor } from './actor.js';
export {
  AppError,
  Conflict,
  type ErrorDetails,
  Forbidden,
  type InputFault,
  InvalidInput,
  messageOf,
  NotFound,
  Unauthenticated,
} from './app-error.js';
export { type AssetName, assetUrn, type AssetUrn, nameParts, parseUrn, qualifiedName, urnOf } from './asset-urn.js';
export { Clock, FixedClock, SystemClock } from './clock.js';
export { decodeCursor, encodeCursor, MAX_PAGE, type Page, type PageRequest, pageRequest } from './page.js';
