import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type PairEvidence, type Proposal } from '#core/reconciliation';
import { connectionOf, globalId, localId, Node, PageArgs, Payload } from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { type Reconciliation, type ReconciliationWish } from '../reconciliation.js';
import { type ReconciliationFilter } from '../reconciliation.store.js';

@ObjectType('Reconciliation', {
  implements: () => Node,
  description: 'Two datasets that should say the same: which columns belong together, and what is compared.',
})
export class ReconciliationType extends Node {
  @Field() name: string;
  @Field() description: string;
  @Field() owner: string;
  @Field(() => Int, { description: 'The version, counted from 1.' }) number: number;
  @Field(() => ID) leftDatasetId: string;
  @Field() leftName: string;
  @Field() leftSourceName: string;
  @Field(() => ID) rightDatasetId: string;
  @Field() rightName: string;
  @Field() rightSourceName: string;
  @Field(() => GraphQLJSON, { description: 'Keys, columns, filters, cut-off and checks; see docs/reconciliation.md.' })
  definition: unknown;
  @Field() createdAt: Date;
  @Field() changedAt: Date;
  @Field() changedBy: string;
  @Field(() => Date, { nullable: true }) retiredAt: Date | null;
  readonly localId: string;
}

export const ReconciliationConnection = connectionOf(ReconciliationType, 'Reconciliation');

export const toReconciliationType = (found: Reconciliation): ReconciliationType => ({
  id: globalId('Reconciliation', found.id),
  localId: found.id,
  ...{ name: found.name, description: found.description, owner: found.owner, number: found.number },
  leftDatasetId: globalId('Dataset', found.leftDatasetId),
  ...{ leftName: found.leftName, leftSourceName: found.leftSourceName },
  rightDatasetId: globalId('Dataset', found.rightDatasetId),
  ...{ rightName: found.rightName, rightSourceName: found.rightSourceName, definition: found.definition },
  ...{ createdAt: found.createdAt, changedAt: found.madeAt, changedBy: found.madeBy, retiredAt: found.retiredAt },
});

@ObjectType('ReconciliationSchedule')
export class ReconciliationScheduleType {
  @Field() cron: string;
  @Field() timeZone: string;
  @Field() enabled: boolean;
  @Field(() => Date, { nullable: true }) nextDueAt: Date | null;
}

@ArgsType()
export class ReconciliationArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'On either side.' }) datasetId?: string | null;
  @Field(() => ID, { nullable: true, description: 'On either side.' }) sourceId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Those that are retired.' }) retired?: boolean | null;
}

export const toReconciliationFilter = ({ datasetId, sourceId, retired }: ReconciliationArgs): ReconciliationFilter => ({
  ...(datasetId != null && { datasetId: localId('Dataset', datasetId, 'datasetId') }),
  ...(sourceId != null && { sourceId: localId('Source', sourceId, 'sourceId') }),
  retired: retired ?? false,
});

@InputType()
export class ReconciliationInput {
  @Field() name: string;
  @Field(() => ID) leftDatasetId: string;
  @Field(() => ID) rightDatasetId: string;
  @Field(() => GraphQLJSON, { description: 'Keys, columns, filters, cut-off and checks; see docs/reconciliation.md.' })
  definition: unknown;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => String, { nullable: true }) owner?: string | null;
}

export const toReconciliationWish = (input: ReconciliationInput): ReconciliationWish => ({
  ...{ name: input.name, description: input.description ?? '', owner: input.owner ?? '' },
  leftDatasetId: localId('Dataset', input.leftDatasetId, 'input', 'leftDatasetId'),
  rightDatasetId: localId('Dataset', input.rightDatasetId, 'input', 'rightDatasetId'),
  definition: input.definition,
});

@ObjectType()
export class ReconciliationPayload extends Payload {
  @Field(() => ReconciliationType, { nullable: true }) reconciliation?: ReconciliationType;
}

@ObjectType('ReconciliationEvidence', { description: 'Why two columns are proposed to belong together.' })
export class EvidenceType implements PairEvidence {
  @Field() left: string;
  @Field() right: string;
  @Field(() => String, { description: 'key or column.' }) role: PairEvidence['role'];
  @Field(() => String, { description: 'lineage_copy, lineage, same_name or same_name_but_for_case.' })
  because: PairEvidence['because'];
}

@ObjectType('ReconciliationProposal')
export class ProposalType {
  @Field(() => GraphQLJSON) definition: unknown;
  @Field(() => [EvidenceType]) evidence: EvidenceType[];
  @Field(() => [String], { description: 'Columns of the left for which nothing comparable on the right is known.' })
  unmapped: string[];
}

export const toProposalType = ({ definition, evidence, unmapped }: Proposal): ProposalType => ({
  definition,
  evidence: [...evidence],
  unmapped: [...unmapped],
});
