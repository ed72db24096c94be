import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with package.json, from the sources and from `dist` alike. */
export const projectRoot: string = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();
