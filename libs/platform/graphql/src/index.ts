export { type Access, ACCESS, AccessGuard, Allow, BeforePasswordChange, may, Public, SignedIn } from './access.js';
export { type Connection, connectionOf, PageArgs, PageInfo, pageOf, toConnection } from './connection.js';
export { framesOf } from './errors.js';
export { GraphqlModule } from './graphql.module.js';
export { byKey, groupedBy, perRequest } from './loader.js';
export { anyLocalId, globalId, localId, localIdOf, Node, Nodes } from './node.js';
export { Payload, UserError } from './payload.js';
export { type CalledRequest, type Caller, CurrentActor, type GraphqlContext } from './request.js';
export { scalarsMap } from './scalars.js';
