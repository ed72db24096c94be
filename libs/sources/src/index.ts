import { SourceEntity } from './source.entity.js';

export { SourceEntity } from './source.entity.js';
export { SourceNameTaken, SourcePaused } from './source.errors.js';
export { type Limits, SourceLimits } from './source-limits.js';
export { sourceRemoved } from './source-removed.event.js';
export { sourceCursor, Sources, type SourceWish } from './sources.js';
export { SourcesModule } from './sources.module.js';
export { FolderNotTrusted } from './trusted-folders.js';

export const sourcesEntities = [SourceEntity];
