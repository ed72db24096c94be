import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule, auditEntities } from '#audit';
import { dictionaryEntities } from '#dictionary';
import { identityEntities } from '#identity';
import { masterDataEntities } from '#master-data';
import { lineageEntities } from '#lineage';
import { ConfigModule, type Settings } from '#platform/config';
import { DatabaseModule, type Entities } from '#platform/database';
import { JobEntity, ScheduleEntity } from '#platform/queue';
import { SecretsModule } from '#platform/secrets';
import { sourcesEntities } from '#sources';
import { standardsEntities } from '#standards';

import { doors } from './doors.js';
import { logging } from './logging.js';

const entities: Entities = [
  JobEntity,
  ScheduleEntity,
  ...auditEntities,
  ...identityEntities,
  ...sourcesEntities,
  ...lineageEntities,
  ...dictionaryEntities,
  ...standardsEntities,
  ...masterDataEntities,
];

@Module({})
export class WorkerModule {
  static of(settings: Settings & { readonly databaseUrl: string }): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        logging(settings),
        ConfigModule.of(settings),
        DatabaseModule.of({
          url: settings.databaseUrl,
          pool: settings.databasePool,
          entities,
          applicationName: 'plumbline worker',
        }),
        SecretsModule,
        AuditModule,
        ...doors.map(({ module }) => module),
      ],
    };
  }
}
