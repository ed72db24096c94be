import {
  CATEGORIES,
  type Category,
  categoryWords,
  COUNTED_IN_SOURCE,
  dropOrMask,
  evidenceOfCounts,
  highestLevel,
  type Level,
  LEVEL_TEMPLATES,
  levelOf,
  LEVELS,
  matchValues,
  maskValue,
  sayReason,
  withLevels,
} from '#core/sensitive-data';
import { ruleKinds } from '#core/rule-engine';

import { residentId } from './sensitive-data.fixture.js';

const [jrt0197, jrt0171] = LEVEL_TEMPLATES as [(typeof LEVEL_TEMPLATES)[0], (typeof LEVEL_TEMPLATES)[0]];

describe('level templates', () => {
  it.each(LEVEL_TEMPLATES.map((template) => [template.code, template] as const))(
    '%s has a level, a reason in both languages and its source for each category',
    (_, { rules }) => {
      expect(Object.keys(rules).sort()).toEqual([...CATEGORIES].sort());
      for (const rule of Object.values(rules)) {
        expect(LEVELS).toContain(rule.level);
        expect(rule.reason.zh).toMatch(/\p{Script=Han}/u);
        expect(rule.reason.en).not.toBe('');
        expect(rule.article).toMatch(/^(?:JR|GB)\/T \d+/);
        expect(['D', 'K']).toContain(rule.tag);
      }
    },
  );

  it('JR/T 0171: C3 is L4, C2 is L3, C1 is L2', () => {
    const pairs = new Set(Object.values(jrt0171.rules).map(({ ownClass, level }) => `${ownClass}=${level}`));
    expect([...pairs].sort()).toEqual(['C1=L2', 'C2=L3', 'C3=L4']);
  });

  it.each<[Category, Level, Level]>([
    ['password', 'L4', 'L4'],
    ['card_security', 'L4', 'L4'],
    ['resident_id', 'L3', 'L3'],
    ['medical', 'L4', 'L3'],
    ['gender', 'L2', 'L2'],
    ['uscc', 'L1', 'L2'],
  ])('%s', (category, by0197, by0171) => {
    expect([levelOf(jrt0197, category).level, levelOf(jrt0171, category).level]).toEqual([by0197, by0171]);
  });

  it('what is masked already stands one level lower', () => {
    expect(levelOf(jrt0197, 'resident_id', true).level).toBe('L2');
    expect(levelOf(jrt0197, 'uscc', true).level).toBe('L1');
  });

  it('an institution sets its own', () => {
    const own = withLevels(jrt0197, { resident_id: { level: 'L4', article: 'Our rule 7' } });
    expect(levelOf(own, 'resident_id')).toMatchObject({ level: 'L4', article: 'Our rule 7', ownClass: '3级' });
    expect(levelOf(jrt0197, 'resident_id').level).toBe('L3');
  });

  it.each<[readonly (Level | null | undefined)[], Level | null]>([
    [['L2', 'L4', 'L3'], 'L4'],
    [['L1', null, undefined], 'L1'],
    [[null], null],
    [[], null],
  ])('a dataset with fields of %j is %s', (levels, highest) => {
    expect(highestLevel(levels)).toBe(highest);
  });
});

describe('masks', () => {
  it.each<[Category, string, string]>([
    ['mobile', '13812345678', '138****5678'],
    ['mobile', '+86 138-1234-5678', '138****5678'],
    ['resident_id', '110101199001018888', '110101********8888'],
    ['bank_card', '6222 0200 1234 5678', '622202******5678'],
    ['person_name', '张三', '张*'],
    ['person_name', '欧阳娜娜', '欧阳**'],
    ['person_name', '欧阳', '欧*'],
    ['email', 'foo@example.com', 'f***@example.com'],
    ['uscc', '91110000600037341L', '91110000********1L'],
    ['birthday', '1990-08-15', '****-08-15'],
    ['birthday', '19900815', '***'],
    ['passport', 'E12345678', 'E1*****78'],
    ['account_no', '1234567890', '******7890'],
    ['address', '北京市朝阳区建国路88号', '北京市朝阳区******'],
    ['ip_address', '10.20.30.40', '10.20.*.*'],
    ['ip_address', '2001:db8::1', '***'],
    ['mac_address', '00:1A:2B:3C:4D:5E', '00:1A:2B:**:**:**'],
    ['vehicle_plate', '京A12345', '京A****5'],
    ['geolocation', '116.397128', '116.***'],
    ['balance', '1000000.00', '***'],
    ['password', 'hunter22', '***'],
    ['resident_id', '', ''],
    ['account_no', '12', '***'],
  ])('%s %j is shown as %j', (category, value, masked) => {
    expect(maskValue(category, value)).toBe(masked);
  });

  it.each<[Level | null, Category | null, string | null]>([
    [null, null, '13812345678'],
    ['L2', 'mobile', '13812345678'],
    ['L3', 'mobile', '138****5678'],
    ['L3', null, null],
    ['L4', 'mobile', null],
    ['L5', 'mobile', null],
  ])('at level %s, category %s, what is kept is %j', (level, category, kept) => {
    expect(dropOrMask(level, category, '13812345678')).toBe(kept);
  });

  it('an institution keeps less', () => {
    expect(dropOrMask('L2', 'gender', '男', { maskFrom: 'L2', dropFrom: 'L3' })).toBe('***');
    expect(dropOrMask('L3', 'mobile', '13812345678', { maskFrom: 'L2', dropFrom: 'L3' })).toBeNull();
  });
});

describe('counts made in the source', () => {
  it('use formats that the rule engine has', () => {
    const params = ruleKinds().find(({ code }) => code === 'format')!.params as unknown as {
      properties: { format: { enum: string[] } };
    };
    for (const { format } of COUNTED_IN_SOURCE) expect(params.properties.format.enum).toContain(format);
    expect(COUNTED_IN_SOURCE.map(({ detector }) => detector)).toContain('resident_id');
  });

  it('stand for the sample’s where they know more', () => {
    const sample = matchValues([residentId(1), residentId(2), '无', '无']);
    expect(evidenceOfCounts({ values: 400, distinct: 300, byDetector: { resident_id: 390 } }, sample)).toMatchObject({
      values: 400,
      shapes: { digits: 200 },
      detectors: { resident_id: { matched: 390, checked: 390, distinct: 300 } },
    });
  });
});

describe('words', () => {
  it('every category has two names', () => {
    for (const category of CATEGORIES) {
      const { en, zh } = categoryWords(category);
      expect(en).not.toBe('');
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('a reason is a sentence in both languages', () => {
    expect(sayReason({ code: 'check_digit_right', count: 98, of: 100 })).toEqual({
      en: '98 of 100 values pass the check (check digit or known elements).',
      zh: '100 个值中有 98 个通过校验（校验位或特征元素）。',
    });
    expect(sayReason({ code: 'comment_says', term: '身份证号' }).zh).toBe('注释写明“身份证号”。');
  });
});
