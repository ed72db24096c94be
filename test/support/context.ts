import 'reflect-metadata';

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuditModule, auditEntities } from '#audit';
import { type Clock } from '#kernel';
import { ConfigModule, readSettings, type Settings } from '#platform/config';
import { DatabaseModule, type Entities } from '#platform/database';
import { JobEntity, ScheduleEntity } from '#platform/queue';
import { SecretsModule } from '#platform/secrets';
import { testDatabase, type TestDatabase } from '#platform/testing';

@Module({})
class Ground {}

export interface TestContext {
  readonly app: TestingModule;
  readonly db: TestDatabase;
  stop(): Promise<void>;
}

/** Some domains' modules on a database of their own, without HTTP and without a worker. Stop it in `afterAll`. */
export async function testContext(
  modules: readonly (Type | DynamicModule)[],
  entities: Entities,
  clock?: Clock,
  said: Partial<Settings> = {},
): Promise<TestContext> {
  const db = await testDatabase();
  const cwd = mkdtempSync(join(tmpdir(), 'plumbline-context-'));
  const settings = readSettings({ env: {}, cwd, said: { databaseUrl: db.url, logLevel: 'fatal', ...said } });
  const app = await Test.createTestingModule({
    imports: [
      {
        module: Ground,
        global: true,
        imports: [
          ConfigModule.of(settings, clock),
          DatabaseModule.of({
            url: db.url,
            pool: 4,
            entities: [JobEntity, ScheduleEntity, ...auditEntities, ...entities],
            applicationName: 'plumbline test',
          }),
          SecretsModule,
          AuditModule,
        ],
      },
      ...modules,
    ],
  }).compile();
  await app.init();
  return {
    app,
    db,
    async stop() {
      await app.close();
      await db.drop();
    },
  };
}
