import { ModulesContainer } from '@nestjs/core';
import { ACCESS } from '#platform/graphql';

import { startApi, type TestApi } from './support/api.js';

/** Nest keeps these on the handlers; a handler with one of them can be called from outside. */
const CALLABLE = { 'graphql:resolver_type': ['Query', 'Mutation', 'Subscription'], method: undefined } as const;

describe('every operation and route', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const callable = (): { name: string; access: unknown }[] => {
    const found: { name: string; access: unknown }[] = [];
    for (const module of api.app.get(ModulesContainer).values())
      for (const { metatype } of [...module.providers.values(), ...module.controllers.values()]) {
        if (typeof metatype !== 'function' || !metatype.prototype) continue;
        const prototype = metatype.prototype as Record<string, unknown>;
        for (const method of Object.getOwnPropertyNames(prototype)) {
          const handler = Object.getOwnPropertyDescriptor(prototype, method)?.value as object | undefined;
          if (typeof handler !== 'function') continue;
          const operation = Reflect.getMetadata('graphql:resolver_type', handler) as string | undefined;
          const isOperation = operation !== undefined && CALLABLE['graphql:resolver_type'].includes(operation as never);
          if (!isOperation && !Reflect.hasMetadata('method', handler)) continue;
          const access: unknown = Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, metatype);
          found.push({ name: `${metatype.name}.${method}`, access });
        }
      }
    return found;
  };

  it('says who may call it', () => {
    const all = callable();
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(({ access }) => access === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('is closed to strangers but for a known few', () => {
    const open = callable().filter(({ access }) => access === 'public');
    expect(open.map(({ name }) => name).sort()).toEqual([
      'HealthController.healthz',
      'HealthController.readyz',
      'IdentityResolver.signIn',
      'MetricsController.metrics',
      'WebController.graphiql',
      'WebController.page',
    ]);
  });
});
