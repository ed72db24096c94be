import { defineConnector } from '#core/connector-kit';

import { settings } from './settings.js';

/** A folder of CSV, TSV, Parquet, JSON Lines and Excel files. */
export const files = defineConnector({
  kind: 'files',
  title: { en: 'Folder of files', zh: '文件夹' },
  description: {
    en: 'CSV, TSV, Parquet, JSON Lines and Excel files in a folder and the folders in it.',
    zh: '文件夹（含子文件夹）中的 CSV、TSV、Parquet、JSON Lines 与 Excel 文件。',
  },
  settings,
  dialect: 'duckdb',
  capabilities: ['explain', 'scopeDigests'],
  namespace: ({ alias }) => `file://${alias}`,
  async open(settings) {
    const { FilesConnection } = await import('./files-connection.js');
    return new FilesConnection(settings);
  },
});
