import { Global, Module } from '@nestjs/common';
import { JobStore, ScheduleStore } from '#platform/queue';

import { AuditLog } from './audit-log.js';
import { Changes } from './changes.js';

/** Changes with their audit entries, for every domain. */
@Global()
@Module({
  providers: [Changes, AuditLog, JobStore, ScheduleStore],
  exports: [Changes, AuditLog, JobStore, ScheduleStore],
})
export class AuditModule {}
