import { globalId } from '#platform/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type Affected, type Impact } from '../lineage-impact.js';
import { LineageTimesType, toTimesType } from './graph.types.js';
import { LineageReportType, toReportType } from './pipeline.types.js';

@ObjectType('ImpactedColumn')
export class ImpactedColumnType {
  @Field(() => ID, { nullable: true }) fieldId: string | null;
  @Field() name: string;
  @Field({ description: 'Its value comes from there; otherwise it is only decided about.' }) direct: boolean;
}

@ObjectType('ImpactedDataset', { description: 'A dataset downstream.' })
export class ImpactedDatasetType {
  @Field(() => ID, { nullable: true }) datasetId: string | null;
  @Field(() => ID, { nullable: true }) sourceId: string | null;
  @Field(() => String, { nullable: true }) sourceName: string | null;
  @Field() namespace: string;
  @Field() qualifiedName: string;
  @Field({ description: 'It is a job of which only inputs and outputs are known.' }) isJob: boolean;
  @Field({ description: 'As the dictionary says, else its source’s; empty when nobody has said so.' }) owner: string;
  @Field({ description: 'Its source’s; empty when nobody has said so.' }) domain: string;
  @Field(() => Int, { description: 'Steps to the nearest part of it.' }) distance: number;
  @Field({ description: 'All its rows are filtered, joined, grouped or sorted by it.' }) rows: boolean;
  @Field({ description: 'Only that something flows there is known, not into which columns.' }) coarse: boolean;
  @Field(() => [ImpactedColumnType]) columns: ImpactedColumnType[];
}

@ObjectType('ImpactGroup', { description: 'What is affected of one owner or domain.' })
export class ImpactGroupType {
  @Field({ description: 'Empty for datasets of which nobody has said it.' }) name: string;
  @Field(() => Int) columns: number;
  @Field(() => [ImpactedDatasetType]) datasets: ImpactedDatasetType[];
}

@ObjectType('LineageImpact', { description: 'Everything that depends on something.' })
export class LineageImpactType extends LineageTimesType {
  @Field(() => [ImpactedDatasetType], { description: 'Near ones first.' }) datasets: ImpactedDatasetType[];
  @Field(() => Int, { description: 'Columns in all of them.' }) columns: number;
  @Field(() => [ImpactGroupType], { description: 'Those with the most first.' }) byOwner: ImpactGroupType[];
  @Field(() => [ImpactGroupType], { description: 'Those with the most first.' }) byDomain: ImpactGroupType[];
  @Field(() => [LineageReportType], { description: 'Reports that show something affected, as exposures of dbt say.' })
  reports: LineageReportType[];
  @Field({ description: 'There is more than depth allows.' }) truncated: boolean;
  /** For what other domains know of the affected: ids of the catalog. */
  affected: readonly Affected[];
}

export function toImpactType({ affected, reports, truncated, ...times }: Impact): LineageImpactType {
  const datasets = affected.map(toImpactedType);
  return {
    ...{ datasets, affected, truncated, columns: columnsIn(datasets) },
    reports: reports.map(toReportType),
    byOwner: groupsOf(datasets, ({ owner }) => owner),
    byDomain: groupsOf(datasets, ({ domain }) => domain),
    ...toTimesType(times),
  };
}

const toImpactedType = (one: Affected): ImpactedDatasetType => ({
  datasetId: one.datasetId === null ? null : globalId('Dataset', one.datasetId),
  sourceId: one.sourceId === null ? null : globalId('Source', one.sourceId),
  sourceName: one.sourceName,
  namespace: one.namespace,
  qualifiedName: one.qualifiedName,
  isJob: one.isJob,
  owner: one.owner,
  domain: one.domain,
  distance: one.distance,
  rows: one.rows,
  coarse: one.isCoarse,
  columns: one.columns.map(({ fieldId, name, direct }) => ({
    fieldId: fieldId === null ? null : globalId('Field', fieldId),
    name,
    direct,
  })),
});

const columnsIn = (datasets: readonly ImpactedDatasetType[]): number =>
  datasets.reduce((sum, { columns }) => sum + columns.length, 0);

function groupsOf(
  datasets: readonly ImpactedDatasetType[],
  nameOf: (dataset: ImpactedDatasetType) => string,
): ImpactGroupType[] {
  return [...Map.groupBy(datasets, nameOf)]
    .map(([name, own]) => ({ name, datasets: own, columns: columnsIn(own) }))
    .sort((a, b) => b.datasets.length - a.datasets.length || (a.name < b.name ? -1 : 1));
}
