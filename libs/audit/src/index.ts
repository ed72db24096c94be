import { AuditEntryEntity } from './audit-entry.entity.js';

export { AuditEntryEntity } from './audit-entry.entity.js';
export { auditCursor, type AuditFilter, AuditLog, type ChainCheck } from './audit-log.js';
export { AuditModule } from './audit.module.js';
export { type Change, Changes, type Subject } from './changes.js';

export const auditEntities = [AuditEntryEntity];
