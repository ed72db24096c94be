import 'reflect-metadata';

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type DynamicModule, type ForwardReference, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { projectRoot, readSettings } from '#platform/config';
import { scalarsMap } from '#platform/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';

import { ApiModule } from './api.module.js';

type Imported = Type | DynamicModule | Promise<DynamicModule> | ForwardReference;

/** Every resolver class that a module and its imports provide. No database is needed to know them. */
function resolversOf(module: Imported, seen = new Set<unknown>()): Type[] {
  if (module instanceof Promise || seen.has(module)) return [];
  seen.add(module);
  const dynamic = 'module' in module ? module : undefined;
  const type = (dynamic ? dynamic.module : module) as Type;
  const read = (key: 'imports' | 'providers'): unknown[] => [
    ...((Reflect.getMetadata(key, type) as unknown[] | undefined) ?? []),
    ...(dynamic?.[key] ?? []),
  ];
  const own = read('providers').filter(
    (provider): provider is Type =>
      typeof provider === 'function' && Reflect.hasMetadata('graphql:resolver_type', provider),
  );
  return [...own, ...read('imports').flatMap((imported) => resolversOf(imported as Imported, seen))];
}

const HEADER = '# Made by "npm run schema" from the code; its diff is the review of the API.\n\n';

/** Writes schema.graphql, or with --check compares it. */
async function main(): Promise<void> {
  const settings = readSettings({ env: {}, cwd: projectRoot });
  const app = await NestFactory.create(GraphQLSchemaBuilderModule, new FastifyAdapter(), { logger: false });
  await app.init();
  const resolvers = resolversOf(ApiModule.of({ ...settings, databaseUrl: 'postgres://unused' }));
  const schema = await app.get(GraphQLSchemaFactory).create(resolvers as never, [], { scalarsMap });
  const text = HEADER + printSchema(lexicographicSortSchema(schema)) + '\n';
  const file = join(projectRoot, 'schema.graphql');
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    return;
  }
  if (readFileSync(file, 'utf8') === text) return;
  process.stderr.write('schema.graphql is not what the code makes. Run "npm run schema" and look at the difference.\n');
  process.exitCode = 1;
}

await main();
