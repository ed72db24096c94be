import { checkIdentifier, type IdentifierFormat, maskIdentifier, maskName, maskValue } from '#core/identifiers';

describe('identifiers', () => {
  it.each<[IdentifierFormat, string, string, string]>([
    ['resident_id', 'an example of the standard', '11010519491231002X', '11010519491231002X'],
    ['resident_id', 'somebody born in 1880', '440524188001010014', '440524188001010014'],
    ['resident_id', 'a small x, blanks around it', ' 11010519491231002x\t', '11010519491231002X'],
    ['resident_id', 'full-width digits', '１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    ['resident_id', 'another one', '360426199101010071', '360426199101010071'],
    ['resident_id', 'one that ends in X', '44011320141005001X', '44011320141005001X'],
    ['resident_id', 'a residence permit of Taiwan', '830000199201300022', '830000199201300022'],
    ['uscc', 'a company', '91110000600037341L', '91110000600037341L'],
    ['uscc', 'small letters', '91350100m000100y43', '91350100M000100Y43'],
    ['lei', 'a bank', '213800KUD8LAJWSQ9D15', '213800KUD8LAJWSQ9D15'],
    ['lei', 'an issuer', '5493001KJTIIGC8Y1R12', '5493001KJTIIGC8Y1R12'],
    ['lei', 'another', 'HWUPKR0MPOU8FGXBT394', 'HWUPKR0MPOU8FGXBT394'],
    ['iban', 'British, with gaps', 'GB82 WEST 1234 5698 7654 32', 'GB82WEST12345698765432'],
    ['iban', 'German', 'DE89370400440532013000', 'DE89370400440532013000'],
    ['bank_card', 'a test card with gaps', '4111 1111-1111 1111', '4111111111111111'],
    ['bank_card', 'a UnionPay test card', '6205500000000000004', '6205500000000000004'],
    ['mobile', 'a number', '13812345678', '13812345678'],
    ['mobile', 'with the country’s prefix', '+86 199-1234-5678', '19912345678'],
    ['mobile', 'with the prefix but no plus', '8619912345678', '19912345678'],
    ['email', 'capitals', 'Zhang.San@Example.COM', 'zhang.san@example.com'],
    ['email', 'a Chinese domain', '用户@例子.中国', '用户@例子.中国'],
  ])('%s: %s is right', (format, _, text, normalised) => {
    expect(checkIdentifier(format, text)).toEqual({ valid: true, normalised });
  });

  it.each<[IdentifierFormat, string, string | null, string]>([
    ['resident_id', 'nothing', null, 'empty'],
    ['resident_id', 'blanks', '  ', 'empty'],
    ['resident_id', 'fifteen digits', '110105491231002', 'old_form'],
    ['resident_id', 'seventeen characters', '1101051949123100X', 'length'],
    ['resident_id', 'an X inside', '1101051949X231002X', 'characters'],
    ['resident_id', 'no such province', '99010519491231002X', 'region'],
    ['resident_id', 'the 31st of February', '110105194902310026', 'date'],
    ['resident_id', 'the 29th of February of a common year', '110105190002290020', 'date'],
    ['resident_id', 'a wrong check digit', '110105194912310021', 'check_digit'],
    ['uscc', 'a wrong check character', '91110000600037342L', 'check_digit'],
    ['uscc', 'a letter that is not used', '9111000060003734IL', 'characters'],
    ['lei', 'two characters exchanged', '213800KUD8LAJWSQ9D51', 'check_digit'],
    ['iban', 'a wrong digit', 'GB82WEST12345698765431', 'check_digit'],
    ['bank_card', 'zeros, which pass Luhn', '0000000000000000', 'prefix'],
    ['bank_card', 'a wrong digit', '4111111111111112', 'check_digit'],
    ['bank_card', 'too short', '411111111111', 'length'],
    ['mobile', 'a number of no operator', '98123456789', 'prefix'],
    ['mobile', 'a short one', '1381234567', 'length'],
    ['mobile', 'a word', '无', 'characters'],
    ['email', 'no domain', 'zhang@localhost', 'characters'],
    ['email', 'two ats', 'a@b@', 'characters'],
    ['email', 'a dot at the end of the name', 'zhang.@example.com', 'characters'],
  ])('%s: %s is refused', (format, _, text, fault) => {
    expect(checkIdentifier(format, text)).toMatchObject({ valid: false, fault });
  });

  it('says what is wrong in both languages and never repeats the value', () => {
    const check = checkIdentifier('resident_id', '110105194912310021');
    expect(check).toMatchObject({ en: 'Its check digit is wrong.', zh: '校验码错误。' });
    expect(JSON.stringify(check)).not.toContain('1101');
  });
});

describe('masks', () => {
  it.each<[string, string]>([
    ['张三', '张*'],
    ['张小明', '张**'],
    ['😀明', '😀*'],
    ['张', '*'],
    ['', ''],
    ['Ludwig van Beethoven', 'L********'],
  ])('the name %j is shown as %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it.each<[IdentifierFormat, string, string]>([
    ['mobile', '13812345678', '138****5678'],
    ['resident_id', '110101199001018888', '110101********8888'],
    ['resident_id', '1101', '***'],
    ['bank_card', '6205500000000000004', '620550*********0004'],
    ['email', 'zhang@example.com', 'z***@example.com'],
    ['email', 'zhang', '***'],
  ])('%s %j is shown as %j', (format, text, masked) => {
    expect(maskIdentifier(format, text)).toBe(masked);
  });

  it('a date or a number is not shown at all', () => {
    expect(maskValue({ format: null, isText: false }, '1990-01-01')).toBe('***');
    expect(maskValue({ format: null, isText: true }, '李四')).toBe('李*');
  });
});
