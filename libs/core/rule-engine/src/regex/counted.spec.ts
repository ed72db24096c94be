import { countedPattern } from './counted.js';

it.each([
  ['a count', '^HT[0-9]{16}$', '18 \\AHT[0-9]+\\Z'],
  ['a count between others', '^[A-Z]{2}-\\d{6}[0-9X]$', '10 \\A[A-Z]{2}\\u002d[0-9]+[0-9X]\\Z'],
  ['the largest of several', '^\\d{4}[a-z]{9}$', '13 \\A[0-9]{4}[a-z]+\\Z'],
  ['a count without an end', '^a{7,}$', '7… \\Aa+\\Z'],
  ['a count with two ends', '^(?:ab|cd)x{4,9}$', '6…11 \\A(?:ab|cd)x+\\Z'],
  ['the only part without a fixed length', '^\\d{9}[a-z]{4,5}$', '13…14 \\A[0-9]{9}[a-z]+\\Z'],
  ['letters of both cases', '(?i)^k{4}$', '4 \\A[Kk]+\\Z'],
])('%s is a length and a shorter pattern', (_, pattern, said) => {
  const { least, most, pattern: shorter } = countedPattern(pattern, false, 'postgres')!;
  const length = least === most ? String(least) : `${least}…${most ?? ''}`;
  expect(`${length} ${shorter}`).toBe(said);
});

it.each([
  ['a part of the text', '[0-9]{16}$'],
  ['no end', '^[0-9]{16}'],
  ['two parts of which either may be longer', '^a{4,6}b{4,6}$'],
  ['another part without a fixed length', '^a?b{9}$'],
  ['a choice of other lengths', '^(?:a|bc)d{9}$'],
  ['a count of a group', '^(?:ab){9}$'],
  ['a count in a group', '^(?:a{9}b)$'],
  ['one of two patterns', '^a{9}$|^b$'],
  ['an end inside', '^a{9}$b$'],
  ['a small count', '^a{3}$'],
  ['nothing counted', '^a+$'],
  ['nothing', ''],
])('%s is left as it is', (_, pattern) => {
  expect(countedPattern(pattern, false, 'postgres')).toBeUndefined();
});
