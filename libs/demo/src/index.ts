export { type BureauTable, bureauFiles } from './bureau.js';
export type { Code } from './codes.js';
export { demoCuration, type DemoCuration, type SecurityLevel } from './curation.js';
export { demoCustomerEntity, type DemoAttribute, type DemoEntity } from './customer-entity.js';
export type { DbPlace } from './database.js';
export { NotASuperuser } from './demo.errors.js';
export type { Fault, FaultKind, Manifest } from './faults.js';
export { type DemoOptions, type DemoPlaces, makeDemo } from './make-demo.js';
export { type DemoCheck, type DemoRule, demoRules, type DemoSource, type DemoTable, type Severity } from './rules.js';
export {
  demoCodeSets,
  type DemoCodeSet,
  type DemoColumn,
  type DemoMapping,
  type DemoStandard,
  demoStandards,
} from './standards.js';
