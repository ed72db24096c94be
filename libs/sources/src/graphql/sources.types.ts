import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type Connector, type TestReport } from '#core/connector-kit';
import { connectionOf, globalId, Node, Payload } from '#platform/graphql';
import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';

import { type SourceEntity } from '../source.entity.js';

@ObjectType('Connector', { description: 'A kind of source that can be registered.' })
export class ConnectorType {
  @Field({ description: 'For instance postgres.' }) kind: string;
  @Field() titleEn: string;
  @Field() titleZh: string;
  @Field() descriptionEn: string;
  @Field() descriptionZh: string;
  @Field(() => GraphQLJSON, {
    description:
      'JSON Schema of the settings, for the form. A property with secret: true is never shown again once it is set; ' +
      'x-title-zh and x-description-zh are the Chinese texts.',
  })
  settingsSchema: object;
  @Field(() => [String], { description: 'The settings that are secrets.' }) secretSettings: readonly string[];
}

export const toConnectorType = (connector: Connector): ConnectorType => ({
  kind: connector.kind,
  titleEn: connector.title.en,
  titleZh: connector.title.zh,
  descriptionEn: connector.description.en,
  descriptionZh: connector.description.zh,
  settingsSchema: connector.settings,
  secretSettings: connector.secretSettings,
});

@ObjectType('Source', { implements: () => Node, description: 'A registered system that holds data.' })
export class SourceType extends Node {
  /** The row's id, for resolvers of the domains above. */
  readonly sourceId: string;
  /** Shown only to those who may see them: see the resolver. */
  readonly allSettings: Record<string, unknown>;
  @Field() name: string;
  @Field({ description: 'The connector that reads it, for instance postgres.' }) kind: string;
  @Field({ description: 'OpenLineage namespace of all names in it, for instance postgres://dwh:5432.' })
  namespace: string;
  @Field(() => [String], {
    nullable: true,
    description: 'Globs of the scopes (schemas, folders) that are harvested; null: all.',
  })
  include: readonly string[] | null;
  @Field(() => [String], { description: 'Globs of scopes that are left out.' }) exclude: readonly string[];
  @Field() description: string;
  @Field({ description: 'Who answers for it.' }) owner: string;
  @Field({ description: 'Business domain, for instance 风险.' }) domain: string;
  @Field({ description: 'For instance production.' }) environment: string;
  @Field() createdAt: Date;
  @Field() changedAt: Date;
  @Field(() => Float, {
    description: 'From 0 to 1: the share of its datasets that may vanish in one harvest without anybody’s word.',
  })
  removalShare: number;
  @Field(() => Int, {
    description:
      'Rows of a dataset whose values detectors of sensitive data may look at, and forget; 0: only names and comments count.',
  })
  sampleRows: number;
  @Field(() => Date, { nullable: true, description: 'Since then nothing is read from it; null: it is not paused.' })
  pausedAt: Date | null;
  @Field(() => Date, { nullable: true, description: 'When it was taken off the list; its history stays.' })
  removedAt: Date | null;
}

export const SourceConnection = connectionOf(SourceType, 'Source');

export const toSourceType = (source: SourceEntity): SourceType => ({
  id: globalId('Source', source.id),
  sourceId: source.id,
  allSettings: source.settings,
  name: source.name,
  kind: source.kind,
  namespace: source.namespace,
  include: source.include,
  exclude: source.exclude,
  description: source.description,
  owner: source.owner,
  domain: source.domain,
  environment: source.environment,
  createdAt: source.createdAt,
  changedAt: source.changedAt,
  removalShare: source.removalShare,
  sampleRows: source.sampleRows,
  pausedAt: source.pausedAt,
  removedAt: source.removedAt,
});

@ObjectType('SourceTest', { description: 'How trying a source out went.' })
export class SourceTestType {
  @Field({ description: 'It can be read.' }) ok: boolean;
  @Field(() => String, { nullable: true, description: 'Product and version.' }) server: string | null;
  @Field(() => String, { nullable: true, description: 'The account the source knows us by.' }) user: string | null;
  @Field(() => Int, { nullable: true, description: 'Schemas or folders there.' }) scopes: number | null;
  @Field(() => Int, { nullable: true }) datasets: number | null;
  @Field(() => Int, { nullable: true, description: 'Datasets that the account may read.' })
  readableDatasets: number | null;
  @Field(() => Float, { nullable: true }) roundTripMs: number | null;
  @Field(() => [String], { description: 'What a person should mend, as sentences. Some do not stand in the way.' })
  problems: readonly string[];
}

export const toSourceTestType = (report: TestReport): SourceTestType => ({
  ok: report.ok,
  server: report.server ?? null,
  user: report.user ?? null,
  scopes: report.scopes ?? null,
  datasets: report.datasets ?? null,
  readableDatasets: report.readableDatasets ?? null,
  roundTripMs: report.roundTripMs ?? null,
  problems: report.problems,
});

@InputType({ description: 'Everything about a source but its kind.' })
export class ChangeSourceInput {
  @Field({ description: 'Unique among the sources.' }) name: string;
  @Field(() => GraphQLJSONObject, {
    description:
      'As Connector.settingsSchema says, the secret ones among them. A secret that is left out keeps its value, unless the source moves to another address.',
  })
  settings: Record<string, unknown>;
  @Field(() => [String], { nullable: true }) include?: string[] | null;
  @Field(() => [String], { nullable: true }) exclude?: string[] | null;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
  @Field(() => String, { nullable: true }) domain?: string | null;
  @Field(() => String, { nullable: true }) environment?: string | null;
  @Field(() => Float, {
    nullable: true,
    description: 'As in Source.removalShare; 0.2, or what it was, when not given.',
  })
  removalShare?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'As in Source.sampleRows, 0 to 1000; 200, or what it was, when not given.',
  })
  sampleRows?: number | null;
}

@InputType()
export class RegisterSourceInput extends ChangeSourceInput {
  @Field({ description: 'As Connector.kind.' }) kind: string;
}

@ArgsType()
export class TestSourceSettingsArgs {
  @Field({ description: 'As Connector.kind.' }) kind: string;
  @Field(() => GraphQLJSONObject) settings: Record<string, unknown>;
  @Field(() => ID, {
    nullable: true,
    description: 'A registered source whose secrets stand in for those that are left out.',
  })
  sourceId?: string | null;
}

@ObjectType()
export class SourcePayload extends Payload {
  @Field(() => SourceType, { nullable: true }) source?: SourceType;
}

@ObjectType()
export class TestSourcePayload extends Payload {
  @Field(() => SourceTestType, { nullable: true }) test?: SourceTestType;
}
