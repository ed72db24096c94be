import { cardNumber, creditCode, isCardNumber, isCreditCode, isResidentId, residentId } from './identifiers.js';

describe('identifiers', () => {
  // The first two are the examples of GB 11643-1999.
  it.each(['11010519491231002X', '440524188001010014', '44011320141005001X'])('%s is a resident id', (id) => {
    expect(isResidentId(id)).toBe(true);
    expect(residentId(id.slice(0, 6), id.slice(6, 14), Number(id.slice(14, 17)))).toBe(id);
  });

  it.each(['110105194912310021', '44052418800101001', ''])('%j is not a resident id', (id) => {
    expect(isResidentId(id)).toBe(false);
  });

  it.each([
    ['91110000600037341L', true],
    ['91110000600037342L', false],
    ['91350100M000100Y43', true],
  ])('%s as a credit code: %s', (code, valid) => {
    expect(isCreditCode(code)).toBe(valid);
    expect(creditCode(code.slice(2, 8), code.slice(8, 16)) === code).toBe(valid);
  });

  it.each([
    ['6205500000000000004', true],
    ['6205500000000000005', false],
    ['4111111111111111', false], // Luhn holds, but it is no UnionPay card
  ])('%s as a bank card: %s', (card, valid) => {
    expect(isCardNumber(card)).toBe(valid);
  });

  it('makes cards that verify', () => {
    expect(isCardNumber(cardNumber('622848001234567890'))).toBe(true);
  });
});
