import { type Category, type Level, type Reason } from '#core/sensitive-data';
import { encodeCursor } from '#kernel';

export const PROPOSAL_STATES = ['open', 'accepted', 'rejected', 'withdrawn'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** A field that probably holds something that must be protected. Nothing follows from it until a person accepts it. */
export interface ProposalRow {
  readonly id: string;
  readonly sourceId: string;
  readonly datasetId: string;
  readonly fieldId: string;
  readonly qualifiedName: string;
  readonly fieldName: string;
  readonly category: Category;
  readonly level: Level;
  /** Code of the level template. */
  readonly template: string;
  readonly score: number;
  readonly masked: boolean;
  readonly reasons: readonly Reason[];
  readonly detectorVersion: number;
  readonly state: ProposalState;
  readonly proposedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

/** What the detectors found in a field. */
export interface FoundProposal extends Pick<ProposalRow, 'fieldId' | 'category' | 'level' | 'score' | 'masked'> {
  readonly reasons: readonly Reason[];
}

export interface ProposalFilter {
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly category?: Category;
  readonly level?: Level;
  readonly state?: ProposalState;
  readonly minScore?: number;
}

/** The sort key of `Proposals.list`, as a cursor. */
export const proposalCursor = ({ score, id }: ProposalRow): string => encodeCursor('proposals', [score, id]);
