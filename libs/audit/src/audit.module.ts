import { Global, Module } from '@nestjs/common';
import { CalendarStore } from '#platform/calendar';
import { JobStore, ScheduleStore } from '#platform/queue';

import { AuditLog } from './audit-log.js';
import { Changes } from './changes.js';

/** Changes with their audit entries, for every domain. */
@Global()
@Module({
  providers: [Changes, AuditLog, CalendarStore, JobStore, ScheduleStore],
  exports: [Changes, AuditLog, CalendarStore, JobStore, ScheduleStore],
})
export class AuditModule {}
