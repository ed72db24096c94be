import { type FoundProposal, type ProposalRow, type ProposalState } from './proposal.js';

/** A proposal that there is. */
export interface KnownProposal extends FoundProposal {
  readonly id: string;
  readonly state: ProposalState;
  readonly template: string;
  readonly detectorVersion: number;
}

export interface ProposalPlan {
  /** New, or open and not up to date, or withdrawn and found again. */
  readonly put: readonly FoundProposal[];
  /** Ids of open ones for which nothing speaks any more. */
  readonly withdraw: readonly string[];
}

/**
 * What has to be written after detectors looked at fields again. What a person has decided stays as it is; the same found
 * again is nothing to write.
 * @param isWhole whether the detectors saw as much of a field as ever: else less is found, and nothing is withdrawn.
 */
export function planProposals(
  known: readonly KnownProposal[],
  found: readonly FoundProposal[],
  by: Pick<ProposalRow, 'template' | 'detectorVersion'>,
  isWhole: (fieldId: string) => boolean,
): ProposalPlan {
  const keyOf = ({ fieldId, category }: FoundProposal) => `${fieldId} ${category}`;
  const knownOf = new Map(known.map((each) => [keyOf(each), each]));
  const foundKeys = new Set(found.map(keyOf));
  return {
    put: found.filter((each) => {
      const before = knownOf.get(keyOf(each));
      if (before === undefined || before.state === 'withdrawn') return true;
      return before.state === 'open' && !isSame(before, each, by);
    }),
    withdraw: known
      .filter((each) => each.state === 'open' && !foundKeys.has(keyOf(each)) && isWhole(each.fieldId))
      .map(({ id }) => id),
  };
}

const isSame = (
  before: KnownProposal,
  { level, score, masked, reasons }: FoundProposal,
  { template, detectorVersion }: Pick<ProposalRow, 'template' | 'detectorVersion'>,
) =>
  before.level === level &&
  before.score === score &&
  before.masked === masked &&
  before.template === template &&
  before.detectorVersion === detectorVersion &&
  textOf(before.reasons) === textOf(reasons);

/** PostgreSQL gives an object's keys back in an order of its own. */
const textOf = (reasons: FoundProposal['reasons']) =>
  JSON.stringify(reasons.map((reason) => Object.entries(reason).sort(([a], [b]) => (a < b ? -1 : 1))));
