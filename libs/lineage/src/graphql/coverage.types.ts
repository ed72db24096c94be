import { type StatementStatus } from '#core/sql-lineage';
import { globalId } from '#platform/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type ColumnOrigin } from '../graph.store.js';
import { type Coverage, type Share, type SourceCoverage } from '../lineage-coverage.js';
import { type ScriptOrigin } from '../script.entity.js';
import { ScriptOriginEnum, StatementStatusEnum } from './lineage.enums.js';

@ObjectType('LineageShare')
export class ShareType implements Share {
  @Field(() => Int) total: number;
  @Field(() => Int) withLineage: number;
}

@ObjectType('LineageStatementCount')
export class StatementCountType {
  @Field(() => ScriptOriginEnum) origin: ScriptOrigin;
  @Field(() => StatementStatusEnum) status: StatementStatus;
  @Field(() => Int) count: number;
}

@ObjectType('LineageCoverage', { description: 'How much of a source’s lineage is known.' })
export class LineageCoverageType {
  @Field(() => ID) sourceId: string;
  @Field(() => ShareType) views: ShareType;
  @Field(() => ShareType, { description: 'Stored procedures and functions that move data anywhere.' })
  routines: ShareType;
  @Field(() => ShareType, {
    description: 'Tables that anything feeds. Those of a source system are fed by what no catalog sees.',
  })
  tables: ShareType;
  @Field(() => ShareType, { description: 'Columns of views and tables.' }) columns: ShareType;
  @Field(() => [StatementCountType], { description: 'By what they stand in and how far they were understood.' })
  statements: StatementCountType[];
  @Field(() => Int, { description: 'Statements that were not wholly understood.' }) notUnderstoodCount: number;
  @Field(() => Int, { description: 'Scripts whose present text has not been read yet.' }) unread: number;
}

export const toSourceCoverageType = ({ sourceId, statements, ...shares }: SourceCoverage): LineageCoverageType => ({
  ...shares,
  sourceId: globalId('Source', sourceId),
  statements: statements.map(({ origin, status, count }) => ({ origin, count, status: status as StatementStatus })),
  notUnderstoodCount: statements
    .filter(({ status }) => status !== 'ok' && status !== 'fallback')
    .reduce((sum, { count }) => sum + count, 0),
});

@ObjectType('ColumnOrigin', { description: 'Whether it is known where a column comes from.' })
export class ColumnOriginType {
  @Field(() => ID) fieldId: string;
  @Field() name: string;
  @Field(() => Int, { description: 'Edges that give its value.' }) direct: number;
  @Field(() => String, {
    nullable: true,
    description: 'SQL that fills it without any column: a constant, a sequence, a count.',
  })
  generated: string | null;
}

@ObjectType('DatasetLineageCoverage', { description: 'How many columns of a dataset have a known origin.' })
export class DatasetCoverageType {
  @Field(() => Int, { description: 'All columns.' }) columns: number;
  @Field(() => Int, { description: 'With at least one DIRECT origin.' }) direct: number;
  @Field(() => Int, { description: 'Filled with a constant, a sequence or a count, and by no column.' })
  generated: number;
  @Field(() => [ColumnOriginType]) origins: ColumnOriginType[];
}

export const toCoverageType = ({ columns, direct, generated, origins }: Coverage): DatasetCoverageType => ({
  columns,
  direct,
  generated,
  origins: origins.map((origin: ColumnOrigin) => ({
    fieldId: globalId('Field', origin.fieldId),
    name: origin.name,
    direct: origin.direct,
    generated: origin.generated,
  })),
});
