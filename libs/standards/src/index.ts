import { CodeSetEntity } from './code-set.entity.js';
import { DataElementEntity } from './data-element.entity.js';
import { DataElementVersionEntity } from './data-element-version.entity.js';

export { checkStandards } from './check-standards.job.js';
export { CodeSetEntity } from './code-set.entity.js';
export { CodeSets, type CodeSetWish, type CodeValue } from './code-sets.js';
export { Compliance, type ComplianceRate, type RatesBy } from './compliance.js';
export { DataElementEntity, type ElementState } from './data-element.entity.js';
export { DataElementVersionEntity } from './data-element-version.entity.js';
export { DataElements, type DataElementWish } from './data-elements.js';
export { type Mapping, type MappingFilter, Mappings } from './mappings.js';
export { type CheckScope, type CheckSummary, StandardsCheck } from './standards-check.js';
export { ChangedMeanwhile, CodeTaken, FieldMappedAlready, WrongState } from './standards.errors.js';
export { StandardsModule } from './standards.module.js';
export { type KeptVerdict, Verdicts } from './verdicts.js';

export const standardsEntities = [CodeSetEntity, DataElementEntity, DataElementVersionEntity];
