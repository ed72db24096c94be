import { cutHarvests } from '../support/cut-harvests.js';
import { createMariaDatabase, type MariaDatabase } from '../support/mariadb.js';

const CUTS = 100;
const SCHEMAS = ['a', '乙', 'c'];

describe('a connection to MariaDB that is cut', () => {
  let database: MariaDatabase;
  const named = (schema: string) => `${database.name}_${schema}`;

  beforeAll(async () => {
    database = await createMariaDatabase();
    for (const schema of SCHEMAS) {
      await database.run(`CREATE DATABASE \`${named(schema)}\``);
      for (let at = 0; at < 8; at++)
        await database.run(
          `CREATE TABLE \`${named(schema)}\`.\`表 ${at}\` (id int PRIMARY KEY, x text COMMENT '余额')`,
        );
    }
  });
  afterAll(() => database.drop({ databases: SCHEMAS.map(named) }));

  it(`at ${CUTS} places never ends anything, and the next harvest finds all of it unchanged`, async () => {
    const { host, port, user } = database;
    const settings = { host, port, user, tls: 'disable' };
    const include = SCHEMAS.map(named);
    const { first, last, ends, changedAt, leftStaged } = await cutHarvests({ kind: 'mysql', settings, include }, CUTS);
    expect(first).toMatchObject({ state: 'succeeded', added: 24 });
    expect(changedAt).toEqual([]);
    // The last bytes of all say good-bye; a harvest that only misses those is a good one.
    expect(ends.slice(0, -5).filter((end) => end !== 'partial' && !end.startsWith('SOURCE_'))).toEqual([]);
    expect(new Set(ends)).toContain('partial');
    expect(last).toMatchObject({ state: 'succeeded', unchanged: 24, vanished: 0 });
    expect(leftStaged).toBe(0);
  }, 300_000);
});
