import { type Static, Type } from 'typebox';

export const settings = Type.Object(
  {
    folder: Type.String({
      minLength: 1,
      title: 'Folder',
      'x-title-zh': '文件夹',
      description: 'The whole path, on the machine where Plumbline runs.',
      'x-description-zh': 'Plumbline 所在机器上的绝对路径。',
    }),
    alias: Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]*$',
      title: 'Short name',
      'x-title-zh': '别名',
      description: 'Stands for the folder in names: a file is file://short-name/path. It stays when the folder moves.',
      'x-description-zh': '在名称中代表该文件夹（file://别名/路径），文件夹迁移后名称不变。',
    }),
    header: Type.Enum(['auto', 'yes', 'no'], {
      default: 'auto',
      title: 'The first line of a CSV or TSV file has the column names',
      'x-title-zh': 'CSV/TSV 首行为列名',
    }),
    csvTypes: Type.Enum(['detect', 'text'], {
      default: 'detect',
      title: 'Types of CSV and TSV columns',
      'x-title-zh': 'CSV/TSV 列类型',
      description: 'detect: from the first rows. text: every column is text, as it stands in the file.',
      'x-description-zh': 'detect：由前若干行推断；text：全部按文本读取。',
    }),
    sampleRows: Type.Integer({
      minimum: 1,
      default: 20_480,
      title: 'Rows to look at when detecting types',
      'x-title-zh': '类型推断采样行数',
    }),
    memoryLimitMb: Type.Integer({
      minimum: 64,
      default: 512,
      title: 'Memory that reading may take (MB)',
      'x-title-zh': '内存上限（MB）',
    }),
    threads: Type.Integer({ minimum: 1, maximum: 64, default: 2, title: 'Threads', 'x-title-zh': '线程数' }),
  },
  { additionalProperties: false },
);

export type FilesSettings = Static<typeof settings>;
