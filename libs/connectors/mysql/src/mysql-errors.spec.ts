import { explainMysqlError } from './mysql-errors.js';

const address = { product: 'MariaDB/MySQL', host: 'core.example', port: 3306, user: 'reader' } as const;
const said = (errno: number, sqlState: string, message: string) =>
  explainMysqlError(Object.assign(new Error(message), { errno, sqlState }), address).message;

it.each([
  ['its files', 6, "Error on delete of '/tmp/#sql-temptable-1.MAI' (Errcode: 2)"],
  ['its disk', 1021, 'Disk full (/tmp/#sql-temptable-1.MAI); waiting for someone to free some space'],
  ['its memory', 1038, 'Out of sort memory, consider increasing server sort buffer size'],
])('tells what a server says of %s', (_, errno, message) => {
  expect(said(errno, 'HY000', message)).toContain(`the server has a problem of its own: ${message}`);
});

it('keeps a message that may quote the data to itself', () => {
  const told = said(1292, '22007', "Truncated incorrect DOUBLE value: '110101199001011237'");
  expect(told).toContain('a value it cannot handle (error 1292, SQLSTATE 22007)');
  expect(told).not.toContain('1101');
});
