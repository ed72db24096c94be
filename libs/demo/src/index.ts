export { bureauFiles } from './bureau.js';
export type { DbPlace } from './database.js';
export { type DemoOptions, type DemoPlaces, makeDemo } from './make-demo.js';
export { type DemoRule, demoRules } from './rules.js';
