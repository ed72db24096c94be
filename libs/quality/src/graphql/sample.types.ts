import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf, globalId, localId, PageArgs, Payload } from '#platform/graphql';

import { type AccessFilter, type SampleAccess, type SampleFacts } from '../samples/failing-samples.js';
import { FailingRowsType } from './run.types.js';

@ObjectType('FailingSample', { description: 'That rows which broke the rule are kept; openFailingSample shows them.' })
export class SampleFactsType {
  @Field(() => [String]) columns: string[];
  @Field(() => [String], { description: 'Columns whose values are masked.' }) masked: string[];
  @Field(() => [String], { description: 'Columns of which nothing is kept, because of security levels.' })
  withheld: string[];
  @Field(() => Int) rowCount: number;
  @Field({ description: 'When they are gone.' }) expiresAt: Date;
}

@ObjectType('FailingSampleAccess', { description: 'Somebody saw rows that broke a rule.' })
export class SampleAccessType {
  @Field(() => ID, { description: 'Global id of a RuleResult.' }) resultId: string;
  @Field(() => ID, { description: 'Global id of a QualityRule.' }) ruleId: string;
  @Field() at: Date;
  @Field({ description: 'Who.' }) by: string;
}

export const SampleAccessConnection = connectionOf(SampleAccessType, 'FailingSampleAccess');

@ArgsType()
export class SampleAccessArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) resultId?: string | null;
  @Field(() => ID, { nullable: true }) ruleId?: string | null;
}

@ObjectType()
export class OpenSamplePayload extends Payload {
  @Field(() => FailingRowsType, { nullable: true }) sample?: FailingRowsType;
}

export const toSampleFactsType = ({
  columns,
  masked,
  withheld,
  rowCount,
  expiresAt,
}: SampleFacts): SampleFactsType => ({
  ...{ columns: [...columns], masked: [...masked], withheld: [...withheld], rowCount, expiresAt },
});

export const toSampleAccessType = ({ resultId, ruleId, at, actorName }: SampleAccess): SampleAccessType => ({
  ...{ resultId: globalId('RuleResult', resultId), ruleId: globalId('QualityRule', ruleId), at, by: actorName },
});

export const toAccessFilter = ({ resultId, ruleId }: SampleAccessArgs): AccessFilter => ({
  ...(resultId != null && { resultId: localId('RuleResult', resultId, 'resultId') }),
  ...(ruleId != null && { ruleId: localId('QualityRule', ruleId, 'ruleId') }),
});
