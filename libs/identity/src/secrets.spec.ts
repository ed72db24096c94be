import { oneTimePassword } from './secrets.js';

describe('a one-time password', () => {
  it.each(['a', 'Wu', 'li', 'x7'])('never has the login %s in it', (login) => {
    for (let tries = 0; tries < 500; tries++) expect(oneTimePassword(login)).not.toContain(login.toLowerCase());
  });

  it('is long, and another each time', () => {
    const made = new Set(Array.from({ length: 100 }, () => oneTimePassword('admin')));
    expect(made.size).toBe(100);
    for (const password of made) expect(password).toMatch(/^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  });
});
