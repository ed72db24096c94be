import { isOurs } from './origin.js';

it.each([
  ['a program, which has no page', undefined, '127.0.0.1:7070', undefined, true],
  ['our page', 'http://127.0.0.1:7070', '127.0.0.1:7070', undefined, true],
  ['our page behind a proxy that keeps the host', 'https://catalog.example', 'catalog.example', undefined, true],
  ['our page behind a proxy', 'https://catalog.example', '10.0.0.1:7070', 'https://catalog.example/', true],
  ['a page of the same machine', 'http://127.0.0.1:8080', '127.0.0.1:7070', undefined, false],
  ['a page elsewhere', 'https://elsewhere.example', '10.0.0.1:7070', 'https://catalog.example', false],
  ['a page without an origin', 'null', '127.0.0.1:7070', undefined, false],
])('%s', (_, origin, host, publicUrl, ours) => {
  expect(isOurs(origin, host, publicUrl)).toBe(ours);
});
