import fc from 'fast-check';

import { checkIdentifier } from '#core/identifiers';
import { CATEGORIES, contextOf, HIDDEN, matchValues, maskValue, MOST_VALUES, propose } from '#core/sensitive-data';

import { bankCard, mobile, residentId } from './sensitive-data.fixture.js';

const nameless = contextOf({ name: '', fields: [] });
const column = { name: 'c1', typeFamily: 'text' } as const;

describe('any values', () => {
  const HOSTILE = [
    'a'.repeat(10_000_000),
    '1'.repeat(10_000_000),
    `${'a'.repeat(5_000_000)}@${'b'.repeat(5_000_000)}`,
    '1-'.repeat(100_000),
    'a.'.repeat(100_000) + '@',
    ':'.repeat(100_000),
    '张'.repeat(100_000),
    '\u0000\u0000',
    '\ud800',
    'a\udfffb',
    '😀👨‍👩‍👧‍👦',
    '\u202e12345',
    '\n\t\r',
    '$2a$'.repeat(50_000),
    '路1号'.repeat(100_000),
    '%B'.repeat(10_000),
    'eyJ'.repeat(10_000),
  ];

  it.each(HOSTILE.map((value) => [JSON.stringify(value.slice(0, 12)), value.length, value] as const))(
    '%s… of %d characters is only counted',
    (_, __, value) => {
      const evidence = matchValues([value]);
      expect(evidence.values).toBeLessThanOrEqual(1);
      expect(JSON.stringify(propose(column, nameless, evidence)).length).toBeLessThan(2_000);
      for (const category of CATEGORIES) expect(maskValue(category, value).length).toBeLessThan(400);
    },
  );

  it('of a million no more than a thousand are read', () => {
    let read = 0;
    function* million() {
      for (; read < 1_000_000; read++) yield residentId(read % 5_000);
    }
    expect(matchValues(million()).values).toBe(MOST_VALUES);
    expect(read).toBeLessThan(MOST_VALUES + 2);
  });

  it('of endless NULLs no more than ten thousand are read', () => {
    let read = 0;
    function* endless() {
      for (;;) {
        read++;
        yield null;
      }
    }
    expect(matchValues(endless())).toEqual({ values: 0, distinct: 0, shapes: {}, detectors: {} });
    expect(read).toBeLessThan(MOST_VALUES * 10 + 2);
  });

  it('a random number of eighteen digits is seldom a resident id', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 18, maxLength: 18 });
    const numbers = fc.sample(digits, { numRuns: 20_000, seed: 7 }).map((each) => each.join(''));
    const valid = numbers.filter((number) => checkIdentifier('resident_id', number).valid);
    // 1 of 11 has the check digit, about 1 of 3 the province, 1 of 50 a day of two centuries.
    expect(valid.length).toBeLessThan(40);
    expect(propose(column, nameless, matchValues(numbers.slice(0, 1_000)))).toEqual([]);
  });

  it('no answer repeats a value, whatever the values are', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 }),
      fc.nat(5_000).map(residentId),
      fc.nat(5_000).map(bankCard),
      fc.nat(5_000).map(mobile),
      fc.emailAddress(),
    );
    const names = fc.constantFrom('c1', 'sfzh', 'mobile', 'remark', 'name', 'email', 'card_no', 'address');
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), names, (values, name) => {
        const evidence = matchValues(values);
        const context = contextOf({ name: 'customer', fields: [{ name }] });
        const said = JSON.stringify([evidence, propose({ name, typeFamily: 'text' }, context, evidence)]);
        for (const each of values.map((one) => one.trim()).filter((one) => one.length >= 6))
          expect(said).not.toContain(each);
      }),
      { numRuns: 300 },
    );
  });

  it('any name and comment are read', () => {
    const any = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(any, any, any, (name, comment, dataset) => {
        const context = contextOf({ name: dataset, comment, fields: [{ name, comment }] });
        for (const { score, reasons } of propose({ name, comment, typeFamily: 'text' }, context)) {
          expect(score).toBeGreaterThanOrEqual(0.5);
          expect(score).toBeLessThan(1);
          expect(reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names and comments of megabytes are read in a moment', () => {
    const long = 'customer_name_'.repeat(200_000);
    const context = contextOf({ name: long, comment: '身份证'.repeat(1_000_000), fields: [{ name: long }] });
    expect(
      propose({ name: long, comment: '手机号'.repeat(1_000_000), typeFamily: 'text' }, context).length,
    ).toBeLessThan(10);
  });
});

describe('masks', () => {
  const MOST_SHOWN: Record<string, number> = {
    resident_id: 10,
    social_security: 10,
    bank_card: 10,
    uscc: 10,
    tax_number: 10,
    mobile: 7,
  };

  it('never show more of a value than is allowed', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.nat(5_000).map(residentId),
      fc.nat(5_000).map(mobile),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CATEGORIES), value, (category, text) => {
        // A mail's domain and an address's network are no secret of anybody.
        fc.pre(!['email', 'ip_address', 'mac_address', 'geolocation', 'birthday'].includes(category));
        const masked = maskValue(category, text);
        const shown = [...masked.replaceAll('*', '')].length;
        expect(shown).toBeLessThanOrEqual(MOST_SHOWN[category] ?? 6);
        const plain = text.trim();
        if (plain !== '' && !plain.includes('*')) expect(masked).not.toBe(plain);
      }),
      { numRuns: 3_000 },
    );
  });

  it('show nothing of what is secret', () => {
    for (const category of [
      'password',
      'card_security',
      'verification_code',
      'medical',
      'biometric',
      'free_text',
    ] as const)
      expect(maskValue(category, 'a secret of some length')).toBe(HIDDEN);
  });
});
