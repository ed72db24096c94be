import { keptOf, secrecyOf, type Suspicion } from './secrecy.js';

const mobile: Suspicion = { category: 'mobile', level: 'L3', score: 0.9, accepted: false };
const password: Suspicion = { category: 'password', level: 'L4', score: 0.85, accepted: false };

describe('how secret a field’s values are', () => {
  it.each<[string, Parameters<typeof secrecyOf>, string, string | null]>([
    ['a person said it is internal', ['L2', [], 'L3'], 'values', '13800001234'],
    ['nobody has said anything', [null, [], 'L3'], 'withheld', null],
    ['nobody has, and the institution takes that for internal', [null, [], 'L2'], 'values', '13800001234'],
    ['a person said it is internal, and a detector thinks more of it', ['L2', [mobile], 'L3'], 'masked', '138****1234'],
    ['a detector thinks so, and nobody has decided', [null, [mobile], 'L2'], 'masked', '138****1234'],
    ['confidential, and nobody knows what it is', ['L3', [], 'L1'], 'withheld', null],
    ['a mobile number that a person holds for more secret', ['L4', [mobile], 'L3'], 'withheld', null],
    ['a password', ['L2', [mobile, password], 'L3'], 'withheld', null],
    [
      'of two categories the accepted one says how to mask',
      [null, [mobile, { category: 'account_no', level: 'L3', score: 0.6, accepted: true }], 'L3'],
      'masked',
      '*******1234',
    ],
    [
      'a category whose mask shows nothing',
      [null, [{ category: 'balance', level: 'L3', score: 0.9, accepted: false }], 'L3'],
      'withheld',
      null,
    ],
  ])('%s', (_, given, shown, kept) => {
    const secrecy = secrecyOf(...given);
    expect(secrecy.shown).toBe(shown);
    expect(keptOf(secrecy, '13800001234')).toBe(kept);
  });

  it('keeps the beginning of what is long', () => {
    expect(keptOf(secrecyOf('L1', [], 'L3'), 'x'.repeat(10_000))).toHaveLength(200);
  });

  it('gives away no means of what is most secret', () => {
    expect(secrecyOf(null, [], 'L3').aggregates).toBe(true);
    expect(secrecyOf('L4', [], 'L3').aggregates).toBe(false);
  });
});
