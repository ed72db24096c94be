import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineConnector } from '#core/connector-kit';
import { readSettings } from '#platform/config';
import { Type } from 'typebox';

import { FolderNotTrusted, TrustedFolders } from './trusted-folders.js';

const connectorWith = (settings: Record<string, ReturnType<typeof Type.String>>) =>
  defineConnector({
    kind: 'test',
    title: { en: 'Test', zh: '测试' },
    description: { en: '', zh: '' },
    settings: Type.Object(settings),
    dialect: 'duckdb',
    capabilities: [],
    namespace: () => 'test://x',
    open: () => Promise.reject(new Error('Nobody opens it.')),
  });
const files = connectorWith({ folder: Type.String() });

describe('a source of files', () => {
  const root = mkdtempSync(join(tmpdir(), 'plumbline-folders-'));
  const inRoot = (...parts: string[]) => join(root, ...parts);
  for (const folder of ['data/demo/sub', 'data/demonic', '可信 "x" 😀/sub', 'secret', '可信 "x" 😀 2'])
    mkdirSync(inRoot(folder), { recursive: true });
  symlinkSync(inRoot('secret'), inRoot('可信 "x" 😀', 'way-out'));
  symlinkSync(inRoot('可信 "x" 😀', 'sub'), inRoot('way-in'));
  const folders = new TrustedFolders(
    readSettings({
      env: {},
      cwd: root,
      said: { dataDir: 'data', trustedFolders: [inRoot('可信 "x" 😀'), inRoot('not there')] },
    }),
  );

  it.each([
    ['the demo', 'data/demo'],
    ['below the demo', 'data/demo/sub'],
    ['a trusted folder', '可信 "x" 😀'],
    ['below one, said in a roundabout way', '可信 "x" 😀/../可信 "x" 😀/sub'],
    ['a link that leads into one', 'way-in'],
  ])('may read %s', async (_, folder) => {
    await expect(folders.check(files, { folder: inRoot(folder) })).resolves.toBeUndefined();
  });

  it.each([
    ['another folder', 'secret'],
    ['what is above', '.'],
    ['a neighbour whose name begins alike', '可信 "x" 😀 2'],
    ['a neighbour of the demo', 'data/demonic'],
    ['a way out', '可信 "x" 😀/../secret'],
    ['a link that leads out', '可信 "x" 😀/way-out'],
    ['what is not there', '可信 "x" 😀/none'],
  ])('may not read %s', async (_, folder) => {
    const checked = folders.check(files, { folder: inRoot(folder) });
    await expect(checked).rejects.toBeInstanceOf(FolderNotTrusted);
    await expect(checked).rejects.toThrow(/"trustedFolders"/);
    await expect(checked).rejects.toMatchObject({ inputPath: ['settings', 'folder'] });
  });

  it('of a kind without folders is none of its business', async () => {
    await expect(folders.check(connectorWith({ host: Type.String() }), { folder: '/' })).resolves.toBeUndefined();
  });
});
