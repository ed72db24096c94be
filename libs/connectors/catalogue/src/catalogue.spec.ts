import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { connectorOf, connectors } from '#connectors/catalogue';

const folder = join(import.meta.dirname, '..', '..');

it('lists every connector that has a folder', () => {
  const folders = readdirSync(folder).filter((name) => name !== 'catalogue');
  expect(connectors.map(({ kind }) => kind).sort()).toEqual(folders.sort());
});

describe.each(connectors.map((connector) => [connector.kind, connector] as const))('%s', (kind, connector) => {
  it('is found by its kind', () => {
    expect(connectorOf(kind)).toBe(connector);
  });

  it('speaks both languages in its form', () => {
    const titles = Object.entries(connector.settings.properties).map(([name, schema]) => {
      const { title, 'x-title-zh': zh } = schema as { title?: string; 'x-title-zh'?: string };
      return [name, title !== undefined && zh !== undefined];
    });
    expect(titles.filter(([, both]) => !both)).toEqual([]);
    expect(connector.title.zh).not.toBe('');
    expect(connector.description.zh).toMatch(/\p{Script=Han}/u);
  });

  it('brings what the conformance suite tries it on', () => {
    expect(existsSync(join(folder, kind, 'conformance', 'subject.ts'))).toBe(true);
  });

  it('does not need its secrets to check settings', () => {
    const required = (connector.settings as { required?: readonly string[] }).required ?? [];
    expect(connector.secretSettings.filter((name) => required.includes(name))).toEqual([]);
  });
});

it('names the kinds there are under an unknown one', () => {
  expect(() => connectorOf('oracle-7')).toThrow('There are: postgres, mysql, files');
});
