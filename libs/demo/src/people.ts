import { type Day, dayOf, isoDay } from './calendar.js';
import { residentId } from './identifiers.js';
import type { Random } from './random.js';
import { GIVEN, MOBILE_PREFIXES, OCCUPATIONS, REGIONS, type Region, ROADS, SOUNDS_ALIKE, SURNAMES } from './words.js';

/** A natural person: a customer, a guarantor, or somebody only the bureau knows. */
export interface Person {
  readonly index: number;
  readonly residentId: string;
  readonly name: string;
  readonly nameEn: string;
  readonly genderCode: string;
  readonly birthDay: Day;
  readonly maritalCode: string;
  readonly mobile: string;
  readonly email: string | null;
  readonly region: Region;
  readonly address: string;
  readonly occupation: string;
  /** In cents. */
  readonly monthlyIncome: number;
}

const FIRST_BIRTH = dayOf('1958-01-01');
const BIRTH_DAYS = 16_801;
const DAY_STEP = 7_919; // shares no divisor with BIRTH_DAYS, so that each block of BIRTH_DAYS people has every day once
const SEQUENCES = 499;

/** Person number `index` of a bank; the same index gives the same person, and no two share a resident id. */
export function personOf(bank: Random, index: number): Person {
  const random = bank.split('person', index);
  const female = random.chance(0.48);
  const region = random.pick(REGIONS);
  const birthDay = FIRST_BIRTH + ((index * DAY_STEP + bank.split('birth days').int(0, BIRTH_DAYS)) % BIRTH_DAYS);
  const [surname, surnameEn] = random.weighted(SURNAMES);
  const given = Array.from({ length: random.chance(0.35) ? 1 : 2 }, () =>
    random.pick(GIVEN[female ? 'female' : 'male']),
  );
  const givenEn = given.map(([, pinyin]) => pinyin).join('');
  return {
    index,
    residentId: residentId(
      region.code,
      isoDay(birthDay).replaceAll('-', ''),
      sequenceOf(bank, index, birthDay, female),
    ),
    name: surname + given.map(([char]) => char).join(''),
    nameEn: `${surnameEn} ${givenEn.charAt(0).toUpperCase()}${givenEn.slice(1)}`,
    genderCode: random.weighted([
      [female ? '2' : '1', 970],
      ['0', 15],
      ['9', 15],
    ]),
    birthDay,
    maritalCode: random.weighted([
      ['10', 30],
      ['20', 55],
      ['30', 2],
      ['40', 8],
      ['90', 5],
    ]),
    mobile: random.pick(MOBILE_PREFIXES) + random.digits(8),
    email: random.chance(0.6) ? `${givenEn}.${surnameEn.toLowerCase()}${random.int(1, 9999)}@example.com` : null,
    region,
    address: addressIn(region, random),
    occupation: random.pick(OCCUPATIONS),
    monthlyIncome: random.int(25, 600) * 100_00,
  };
}

/** Odd for men, even for women; people born on the same day are in different blocks, so theirs differ. */
function sequenceOf(bank: Random, index: number, birthDay: Day, female: boolean): number {
  const first = bank.split('first sequence', birthDay).int(0, SEQUENCES - 1);
  const place = (first + Math.floor(index / BIRTH_DAYS)) % SEQUENCES;
  return 2 * place + (female ? 2 : 1);
}

function addressIn(region: Region, random: Random): string {
  const [road, roadEn] = random.pick(ROADS);
  const [number, building, room] = [random.int(1, 999), random.int(1, 40), random.int(101, 3204)];
  if (random.chance(0.08)) return `Room ${room}, Building ${building}, ${number} ${roadEn}, ${region.english}`;
  const city = region.city === region.province ? region.city : region.province + region.city;
  return `${city}${region.district}${road}${number}号${building}栋${room}室`;
}

/** The same name as another clerk would have heard it, or with a stray space. */
export function misheard(name: string, random: Random): string {
  const chars = [...name];
  const at = chars.findIndex((char) => SOUNDS_ALIKE[char] !== undefined);
  const char = at === -1 ? undefined : SOUNDS_ALIKE[chars[at] ?? ''];
  if (char === undefined || random.chance(0.2)) return `${chars[0] ?? ''} ${chars.slice(1).join('')}`;
  return chars.with(at, char).join('');
}
