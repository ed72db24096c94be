import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Accounts, ApiTokens } from '#identity';
import { type Actor, type Role, ROLES, systemActor } from '#kernel';
import { readSettings, type Settings } from '#platform/config';
import { testDatabase, type TestDatabase } from '#platform/testing';
import request from 'supertest';

import { createApi } from '../../apps/api/src/create-api.js';
import { createWorker, type RunningWorker } from '../../apps/worker/src/create-worker.js';

/** What a GraphQL operation answered. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly {
    message: string;
    path?: string[];
    extensions: { code: string } & Record<string, unknown>;
  }[];
}

/** A person with one role, asking over HTTP. */
export interface Person {
  readonly actor: Actor;
  readonly token: string;
  /** The answer, whatever it is. */
  ask<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<Answer<T>>;
  /** The data; fails the test when there are errors. */
  get<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<T>;
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly db: TestDatabase;
  readonly settings: Settings & { databaseUrl: string };
  readonly as: Readonly<Record<Role, Person>>;
  /** Starts a worker beside the API; stopped with it. */
  work(): Promise<RunningWorker>;
  stop(): Promise<void>;
}

/** The API on a database of its own, with one person for each role. Stop it in `afterAll`. */
export async function startApi(said: Partial<Settings> = {}): Promise<TestApi> {
  const db = await testDatabase();
  const cwd = mkdtempSync(join(tmpdir(), 'plumbline-api-'));
  const settings = {
    ...readSettings({ env: {}, cwd, said: { logLevel: 'fatal', lockSeconds: 2, ...said } }),
    databaseUrl: db.url,
  };
  const app = await createApi(settings);
  const people = await Promise.all(ROLES.map(async (role) => [role, await person(app, role)] as const));
  const workers: RunningWorker[] = [];
  return {
    app,
    db,
    settings,
    as: Object.fromEntries(people) as Record<Role, Person>,
    async work() {
      const worker = await createWorker(settings);
      workers.push(worker);
      return worker;
    },
    async stop() {
      for (const worker of workers) await worker.stop();
      await app.close();
      await db.drop();
    },
  };
}

async function person(app: NestFastifyApplication, role: Role): Promise<Person> {
  const { account } = await app
    .get(Accounts)
    .add(systemActor('test'), { login: role, displayName: role, roles: [role] });
  const actor: Actor = { kind: 'user', id: account.id, name: account.login, roles: account.roles };
  const { text: token } = await app.get(ApiTokens).add(actor, account.id, 'test', null);
  const ask = async <T>(query: string, variables: Record<string, unknown> = {}): Promise<Answer<T>> => {
    const { status, body } = await request(app.getHttpServer() as never)
      .post('/graphql')
      .set('authorization', `Bearer ${token}`)
      .send({ query, variables });
    return { status, ...(body as Omit<Answer<T>, 'status'>) };
  };
  return {
    actor,
    token,
    ask,
    async get<T>(query: string, variables: Record<string, unknown> = {}) {
      const answer = await ask<T>(query, variables);
      if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join('\n'));
      return answer.data;
    },
  };
}
