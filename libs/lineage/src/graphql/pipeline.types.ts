import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { JobType } from '#graphql/audit';
import { globalId, Payload } from '#platform/graphql';

import { type ReportRow, type TestRow } from '../pipeline-reports.js';
import { NameValueInput, RevisionInput } from './script-origin.types.js';

@InputType({ description: 'A file of DataX, DolphinScheduler, Flink CDC, SeaTunnel or dbt.' })
export class PipelineFileInput {
  @Field({ description: 'Stable, and unique among pipelines: a file of the same name is replaced.' }) name: string;
  @Field({ description: 'Of dbt manifest.json. Secrets are taken out before it is kept.' }) text: string;
  @Field(() => String, { nullable: true, description: 'Of dbt: catalog.json.' }) catalog?: string | null;
  @Field(() => String, { nullable: true, description: 'Of dbt: run_results.json.' }) runResults?: string | null;
}

@ArgsType()
export class ImportPipelinesArgs {
  @Field(() => [PipelineFileInput]) files: PipelineFileInput[];
  @Field(() => [NameValueInput], {
    nullable: true,
    description: 'Namespaces that stand for others: hive://unknown for hive://metastore:9083.',
  })
  namespaces?: NameValueInput[] | null;
  @Field(() => [NameValueInput], {
    nullable: true,
    description: 'JDBC URLs of a scheduler’s data sources, by their numbers: its export does not say.',
  })
  datasources?: NameValueInput[] | null;
  @Field(() => String, { nullable: true, description: 'Where the database of dbt projects is: postgres://dw:5432.' })
  dbtNamespace?: string | null;
  @Field(() => String, { nullable: true, description: 'What the files are a set of, for pruneScripts.' })
  folder?: string | null;
  @Field(() => RevisionInput, { nullable: true }) revision?: RevisionInput | null;
}

@ObjectType('RefusedPipelineFile', { description: 'A file that was not kept. What was kept under its name stays.' })
export class RefusedFileType {
  @Field() name: string;
  @Field(() => Int, { description: 'Line in the file, from 1.' }) line: number;
  @Field() message: string;
}

@ObjectType()
export class ImportPipelinesPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job that reads the files.' }) job?: JobType;
  @Field(() => Int, { nullable: true, description: 'Files that are new or not as before.' }) changed?: number;
  @Field(() => [RefusedFileType], { nullable: true }) refused?: RefusedFileType[];
}

@ArgsType()
export class PruneScriptsArgs {
  @Field(() => ID, { nullable: true, description: 'The source that the scripts run on; none for pipelines.' })
  sourceId?: string | null;
  @Field({ description: 'As it was given with the import.' }) folder: string;
  @Field(() => [String], { description: 'Names of the scripts that are there now.' }) names: string[];
}

@ObjectType()
export class PruneScriptsPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job that ends their edges.' }) job?: JobType;
  @Field(() => [String], { nullable: true, description: 'Names of the scripts that run no more.' }) removed?: string[];
}

@ObjectType('LineageReport', { description: 'Something that shows data to people: an exposure of dbt.' })
export class LineageReportType {
  @Field(() => ID) id: string;
  @Field() name: string;
  @Field(() => String, { nullable: true, description: 'Its name for people.' }) label: string | null;
  @Field({ description: 'The tool’s word: dashboard, notebook, analysis, ml, application.' }) kind: string;
  @Field(() => String, { nullable: true }) owner: string | null;
  @Field(() => String, { nullable: true }) url: string | null;
  @Field(() => String, { nullable: true }) description: string | null;
  @Field(() => ID, { description: 'Global id of the LineageScript that says so.' }) scriptId: string;
}

export const toReportType = ({ id, scriptId, name, label, kind, owner, url, description }: ReportRow) => ({
  ...{ id: globalId('LineageReport', id), scriptId: globalId('LineageScript', scriptId) },
  // A browser must not run what a file says is an address.
  ...{ name, label, kind, owner, url: url !== null && /^https?:\/\//i.test(url) ? url : null, description },
});

@ObjectType('PipelineTest', { description: 'A test of a pipeline tool (dbt), as it went last.' })
export class PipelineTestType {
  @Field() name: string;
  @Field({ description: 'not_null, unique, singular, a package’s own …' }) kind: string;
  @Field(() => String, { nullable: true, description: 'As the tool spells it.' }) column: string | null;
  @Field(() => String, { nullable: true, description: 'error or warn.' }) severity: string | null;
  @Field(() => String, { nullable: true, description: 'pass, fail, warn, error, skipped; null when it was not run.' })
  status: string | null;
  @Field(() => String, { nullable: true }) message: string | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field(() => ID, { description: 'Global id of the LineageScript that says so.' }) scriptId: string;
}

export const toTestType = ({ scriptId, datasetId: _, ...test }: TestRow): PipelineTestType => ({
  ...test,
  scriptId: globalId('LineageScript', scriptId),
});
