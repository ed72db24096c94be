import { isoDay } from './calendar.js';
import { isResidentId } from './identifiers.js';
import { misheard, personOf } from './people.js';
import { Random } from './random.js';

describe('people', () => {
  const bank = Random.of(1);

  it('have valid resident ids of their own, which say their birthday', () => {
    // Twice round the birthdays, and some of the far-off numbers that guarantors and strangers have.
    const indexes = [...Array(34_000).keys(), ...Array.from({ length: 2_000 }, (_, at) => 4_000_000 + at)];
    const people = indexes.map((index) => personOf(bank, index));
    const ids = new Set(people.map(({ residentId }) => residentId));
    const wrong = people.filter(
      ({ residentId, birthDay }) =>
        !isResidentId(residentId) || residentId.slice(6, 14) !== isoDay(birthDay).replaceAll('-', ''),
    );
    expect(wrong).toEqual([]);
    expect(ids.size).toBe(indexes.length);
  });

  it.each(['王芳', '张伟', '𠮷玉', '欧阳静怡'])('%s is misheard as another name', (name) => {
    for (let index = 0; index < 20; index++) expect(misheard(name, bank.split('ear', index))).not.toBe(name);
  });
});
