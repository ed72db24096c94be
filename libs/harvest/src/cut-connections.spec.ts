import { cutHarvests, type CutSource } from '../../../test/support/cut-harvests.js';
import { sourceDatabase, type SourceDatabase } from '../../../test/support/source.js';

const CUTS = 100;

describe('a connection that is cut', () => {
  let database: SourceDatabase;

  beforeAll(async () => {
    const schemas = ['a', '乙', 'c'].map(
      (schema) =>
        `CREATE SCHEMA "${schema}"; ${Array.from({ length: 8 }, (_, at) => `CREATE TABLE "${schema}"."表 ${at}" (id int PRIMARY KEY, x text)`).join('; ')};`,
    );
    database = await sourceDatabase(schemas.join('\n'));
  });
  afterAll(() => database.drop());

  it(`at ${CUTS} places never ends anything, and the next harvest finds all of it unchanged`, async () => {
    const settings = database.settings as CutSource['settings'];
    const { first, last, ends, changedAt, leftStaged } = await cutHarvests({ kind: 'postgres', settings }, CUTS);
    expect(first).toMatchObject({ state: 'succeeded', added: 24 });
    expect(changedAt).toEqual([]);
    // The last bytes of all say good-bye; a harvest that only misses those is a good one.
    expect(ends.slice(0, -5).filter((end) => end !== 'partial' && !end.startsWith('SOURCE_'))).toEqual([]);
    expect(new Set(ends)).toContain('partial');
    expect(last).toMatchObject({ state: 'succeeded', unchanged: 24, vanished: 0 });
    expect(leftStaged).toBe(0);
  }, 120_000);
});
