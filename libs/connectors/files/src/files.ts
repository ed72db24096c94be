import { defineConnector } from '#core/connector-kit';

import { settings } from './settings.js';

/** A folder of CSV, TSV, Parquet and JSON Lines files. */
export const files = defineConnector({
  kind: 'files',
  title: { en: 'Folder of files', zh: '文件夹' },
  description: {
    en: 'CSV, TSV, Parquet and JSON Lines files in a folder and the folders in it.',
    zh: '文件夹（含子文件夹）中的 CSV、TSV、Parquet 与 JSON Lines 文件。',
  },
  settings,
  dialect: 'duckdb',
  namespace: ({ alias }) => `file://${alias}`,
  async open(settings) {
    const { FilesConnection } = await import('./files-connection.js');
    return new FilesConnection(settings);
  },
});
