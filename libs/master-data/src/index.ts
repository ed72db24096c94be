import { AttributeEntity } from './attribute.entity.js';
import { MasterEntityEntity } from './master-entity.entity.js';

export { AttributeEntity } from './attribute.entity.js';
export { buildGoldenRecords } from './build-golden-records.job.js';
export { type BuildSummary, GoldenBuild } from './golden-build.js';
export {
  type GoldenRecord,
  GoldenRecords,
  type GoldenValue,
  type MatchSummary,
  type Member,
} from './golden-records.js';
export { EntityCodeTaken, EntityNotMapped, RowsWithoutKey } from './master-data.errors.js';
export { MasterDataModule } from './master-data.module.js';
export { type AttributeMapping, MasterEntities, type MasterEntityWish } from './master-entities.js';
export { MasterEntityEntity } from './master-entity.entity.js';

export const masterDataEntities = [MasterEntityEntity, AttributeEntity];
