import { Random } from './random.js';

describe('seeded streams', () => {
  const draws = (random: Random) => Array.from({ length: 5 }, () => random.int(0, 1_000_000));

  it('are the same for the same seed and name', () => {
    expect(draws(Random.of(1).split('customer', 7))).toEqual(draws(Random.of(1).split('customer', 7)));
  });

  it.each([
    ['another seed', Random.of(2).split('customer', 7)],
    ['another index', Random.of(1).split('customer', 8)],
    ['another name', Random.of(1).split('account', 7)],
  ])('differ for %s', (_, other) => {
    expect(draws(other)).not.toEqual(draws(Random.of(1).split('customer', 7)));
  });

  it('do not depend on what was drawn above them', () => {
    const parent = Random.of(1);
    const before = draws(parent.split('loan'));
    draws(parent);
    expect(draws(parent.split('loan'))).toEqual(before);
  });

  it('spread evenly and keep to their bounds', () => {
    const random = Random.of(1);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 10_000; draw++) {
      const value = random.int(1, 10);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150); // five standard deviations
  });
});
