import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InvalidSetting, readSettings } from '#platform/config';

const folder = (file?: string): string => {
  const cwd = mkdtempSync(join(tmpdir(), 'settings-'));
  if (file !== undefined) writeFileSync(join(cwd, 'plumbline.config.json'), file);
  return cwd;
};

describe('settings', () => {
  it('have defaults, and the command line wins over the environment, which wins over the file', () => {
    const cwd = folder('{"port": 1, "logLevel": "warn", "graphqlDepth": 9}');
    const settings = readSettings({
      cwd,
      env: { PLUMBLINE_PORT: '2', PLUMBLINE_LOG_LEVEL: 'debug' },
      said: { port: 3 },
    });
    expect(settings).toMatchObject({ port: 3, logLevel: 'debug', graphqlDepth: 9, host: '127.0.0.1' });
    expect(settings.dataDir).toBe(join(cwd, '.plumbline'));
  });

  it.each([
    [
      'a port out of bounds',
      { PLUMBLINE_PORT: '70000' },
      undefined,
      /"port" \(given by the environment variable PLUMBLINE_PORT\) must be <= 65535/,
    ],
    ['a port that is no number', { PLUMBLINE_PORT: 'http' }, undefined, /"port".*must be integer/],
    [
      'a database of another kind',
      { DATABASE_URL: 'mysql://h/d' },
      undefined,
      /"databaseUrl" \(given by the environment variable DATABASE_URL\)/,
    ],
    ['a short key', { PLUMBLINE_SECRET_KEY: 'abc' }, undefined, /"secretKey"/],
    ['an unknown time zone', { PLUMBLINE_TIME_ZONE: 'Asia/Peking' }, undefined, /"timeZone".*not a known time zone/],
    ['a misspelt setting', {}, '{"prot": 1}', /no setting "prot" \(given by plumbline.config.json\)/],
    ['a file that is not JSON', {}, '{port: 1}', /plumbline.config.json is not JSON/],
    ['a file that is a list', {}, '[]', /must hold one JSON object/],
    ['a named file that is absent', { PLUMBLINE_CONFIG: 'other.json' }, undefined, /other.json cannot be read/],
  ])('%s is a sentence that names the setting', (_, env, file, sentence) => {
    const read = () => readSettings({ cwd: folder(file), env });
    expect(read).toThrow(InvalidSetting);
    expect(read).toThrow(sentence);
  });

  it('does not repeat a secret in its sentence', () => {
    expect(() => readSettings({ cwd: folder(), env: { PLUMBLINE_SECRET_KEY: 'hunter2' } })).not.toThrow(/hunter2/);
  });
});
