import { testDatabase } from '#platform/testing';

import { byteaArray } from './bytea-array.js';
import { openDatabase, rows } from './database.js';

describe('byteaArray', () => {
  it.each<[string, (Buffer | null)[]]>([
    ['nothing', []],
    ['an empty value', [Buffer.alloc(0)]],
    ['absent values among others', [null, Buffer.from('张三 "😀"\\x00,{}'), null, Buffer.from([0, 255, 92])]],
    ['many', Array.from({ length: 3000 }, (_, n) => Buffer.alloc(n % 70, n))],
  ])('brings %s to the database as it is', async (_, items) => {
    const { url, drop } = await testDatabase();
    const db = await openDatabase({ url, pool: 1, entities: [], applicationName: 'plumbline test' });
    try {
      const sql = `SELECT item FROM unnest($1::bytea[]) WITH ORDINALITY AS of (item, n) ORDER BY n`;
      const found = await rows<{ item: Buffer | null }>(db, sql, [byteaArray(items)]);
      expect(found.map(({ item }) => item)).toEqual(items);
    } finally {
      await db.destroy();
      await drop();
    }
  });
});
