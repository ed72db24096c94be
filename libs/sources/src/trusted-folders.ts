import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import { Inject, Injectable } from '@nestjs/common';
import { type Connector } from '#core/connector-kit';
import { AppError } from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';

/** A source of files points outside the folders that an administrator has allowed. */
export class FolderNotTrusted extends AppError {
  readonly code = 'FOLDER_NOT_TRUSTED';

  constructor(folder: string, why: string) {
    super(
      `The folder ${JSON.stringify(folder)} ${why}. Sources may read the demo's folder and those that an administrator ` +
        'lists in the setting "trustedFolders" (PLUMBLINE_TRUSTED_FOLDERS); add it there, or choose a folder below one of them.',
      { folder },
      ['settings', 'folder'],
    );
  }
}

/**
 * Keeps sources of files inside allowed folders, whatever links there are: people who register sources must not
 * read the server's other files through the catalog.
 */
@Injectable()
export class TrustedFolders {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /**
   * Nothing to say about kinds whose settings have no `folder`.
   * @throws {FolderNotTrusted}
   */
  async check(connector: Connector, settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { folder } = settings;
    if (!('folder' in connector.settings.properties) || typeof folder !== 'string') return;
    const wanted = await realPathOf(folder);
    if (wanted === undefined) throw new FolderNotTrusted(folder, 'does not exist or cannot be read');
    const allowed = await Promise.all(
      [join(this.settings.dataDir, 'demo'), ...this.settings.trustedFolders].map((each) => realPathOf(each)),
    );
    if (!allowed.some((each) => each !== undefined && isWithin(wanted, each)))
      throw new FolderNotTrusted(folder, 'is not one that may be read');
  }
}

const realPathOf = (path: string): Promise<string | undefined> => realpath(resolve(path)).catch(() => undefined);

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
