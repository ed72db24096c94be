import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { AppError, messageOf } from '#kernel';

/** A second Plumbline on the same data would be two captains. */
export class DataFolderInUse extends AppError {
  readonly code = 'DATA_FOLDER_IN_USE';
}

/** The data folder cannot be used. */
export class DataFolderUnusable extends AppError {
  readonly code = 'DATA_FOLDER_UNUSABLE';
}

/**
 * Takes the data folder for this process.
 * @returns what gives it free again.
 * @throws {DataFolderInUse} while another Plumbline has it. {@link DataFolderUnusable} when it cannot be written.
 */
export function takeDataFolder(dataDir: string): () => void {
  const file = join(dataDir, 'plumbline.pid');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o755 });
    if (existsSync(file)) {
      const pid = Number(readFileSync(file, 'utf8'));
      if (isPlumbline(pid))
        throw new DataFolderInUse(
          `The data folder ${dataDir} is in use by another Plumbline (process ${pid}). Stop that one, or name another folder with --data.`,
        );
      rmSync(file);
    }
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as { code?: string };
    const what = code === 'ENOSPC' ? 'is on a full disk' : 'cannot be written';
    throw new DataFolderUnusable(
      `The data folder ${dataDir} ${what}: ${messageOf(error)}. Name another with --data or PLUMBLINE_DATA, or mend it.`,
    );
  }
  return () => rmSync(file, { force: true });
}

function isPlumbline(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // After a restart of the machine the number may be somebody else's.
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('start');
}
