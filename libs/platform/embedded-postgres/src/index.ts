export { EmbeddedPostgresFailed } from './errors.js';
export { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './server.js';
