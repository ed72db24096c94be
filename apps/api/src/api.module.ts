import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule, auditEntities } from '#audit';
import { AuditGraphqlModule } from '#graphql/audit';
import { CalendarGraphqlModule } from '#graphql/calendar';
import { DictionaryGraphqlModule } from '#graphql/dictionary';
import { HarvestGraphqlModule } from '#graphql/harvest';
import { IdentityGraphqlModule } from '#graphql/identity';
import { LineageGraphqlModule } from '#graphql/lineage';
import { OpenLineageRestModule } from '#graphql/open-lineage';
import { NotificationsGraphqlModule } from '#graphql/notifications';
import { QualityGraphqlModule } from '#graphql/quality';
import { ReconciliationGraphqlModule } from '#graphql/reconciliation';
import { ReportsGraphqlModule } from '#graphql/reports';
import { RunEventsGraphqlModule } from '#graphql/run-events';
import { SensitivityGraphqlModule } from '#graphql/sensitivity';
import { SourcesGraphqlModule } from '#graphql/sources';
import { StatisticsGraphqlModule } from '#graphql/statistics';
import { dictionaryEntities } from '#dictionary';
import { MasterDataGraphqlModule } from '#graphql/master-data';
import { StandardsGraphqlModule } from '#graphql/standards';
import { identityEntities, IdentityModule } from '#identity';
import { type Clock } from '#kernel';
import { masterDataEntities } from '#master-data';
import { lineageEntities } from '#lineage';
import { ConfigModule, type Settings } from '#platform/config';
import { DatabaseModule, type Entities } from '#platform/database';
import { GraphqlModule } from '#platform/graphql';
import { JobEntity, ScheduleEntity } from '#platform/queue';
import { SecretsModule } from '#platform/secrets';
import { sourcesEntities } from '#sources';
import { standardsEntities } from '#standards';

import { HealthController } from './health.controller.js';
import { logging } from './logging.js';
import { MetricsController } from './metrics.controller.js';
import { WebController } from './web.controller.js';

/** Every table the API reads through TypeORM. */
export const apiEntities: Entities = [
  JobEntity,
  ScheduleEntity,
  ...auditEntities,
  ...identityEntities,
  ...sourcesEntities,
  ...dictionaryEntities,
  ...standardsEntities,
  ...masterDataEntities,
  ...lineageEntities,
];

/** The faces of the domains, in the order of the floors. */
const faces = [
  AuditGraphqlModule,
  IdentityGraphqlModule,
  CalendarGraphqlModule,
  SourcesGraphqlModule,
  DictionaryGraphqlModule,
  HarvestGraphqlModule,
  SensitivityGraphqlModule,
  StatisticsGraphqlModule,
  StandardsGraphqlModule,
  LineageGraphqlModule,
  OpenLineageRestModule,
  NotificationsGraphqlModule,
  QualityGraphqlModule,
  ReconciliationGraphqlModule,
  MasterDataGraphqlModule,
  RunEventsGraphqlModule,
  ReportsGraphqlModule,
];

@Module({})
export class ApiModule {
  static of(settings: Settings & { readonly databaseUrl: string }, clock?: Clock): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        logging(settings),
        ConfigModule.of(settings, clock),
        DatabaseModule.of({
          url: settings.databaseUrl,
          pool: settings.databasePool,
          entities: apiEntities,
          applicationName: 'plumbline api',
        }),
        SecretsModule,
        AuditModule,
        GraphqlModule,
        IdentityModule,
        ...faces,
      ],
      controllers: [HealthController, MetricsController, WebController],
    };
  }
}
