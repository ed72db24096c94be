import { type KnownProposal, planProposals } from './plan-proposals.js';
import { type FoundProposal } from './proposal.js';

const by = { template: 'jrt-0197', detectorVersion: 1 };
const found: FoundProposal = {
  fieldId: 'f',
  category: 'mobile',
  level: 'L3',
  score: 0.85,
  masked: false,
  reasons: [{ code: 'check_digit_right', count: 3, of: 4 }],
};
const known: KnownProposal = { ...found, ...by, id: 'p', state: 'open' };

describe('what is written after detectors looked again', () => {
  it.each<[string, Partial<KnownProposal>[], Partial<FoundProposal>[], string[], string[]]>([
    ['found for the first time', [], [{}], ['mobile'], []],
    ['found as before', [{}], [{}], [], []],
    [
      'the reasons in another order of their keys',
      [{ reasons: [{ of: 4, count: 3, code: 'check_digit_right' }] }],
      [{}],
      [],
      [],
    ],
    ['another score', [{}], [{ score: 0.9 }], ['mobile'], []],
    ['other reasons', [{}], [{ reasons: [] }], ['mobile'], []],
    ['by newer detectors', [{ detectorVersion: 0 }], [{}], ['mobile'], []],
    ['by another template', [{ template: 'jrt-0171' }], [{}], ['mobile'], []],
    ['not found any more', [{}], [], [], ['p']],
    ['found again after it was withdrawn', [{ state: 'withdrawn' }], [{}], ['mobile'], []],
    ['rejected, and found again', [{ state: 'rejected' }], [{ score: 0.99 }], [], []],
    ['rejected, and another category', [{ state: 'rejected' }], [{ category: 'bank_card' }], ['bank_card'], []],
    ['accepted, and not found any more', [{ state: 'accepted' }], [], [], []],
  ])('%s', (_, before, now, put, withdraw) => {
    const plan = planProposals(
      before.map((each) => ({ ...known, ...each })),
      now.map((each) => ({ ...found, ...each })),
      by,
      () => true,
    );
    expect(plan.put.map(({ category }) => category)).toEqual(put);
    expect(plan.withdraw).toEqual(withdraw);
  });

  it('withdraws nothing where no values could be looked at', () => {
    expect(planProposals([known], [], by, () => false)).toEqual({ put: [], withdraw: [] });
  });
});
