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
    encoding: Type.Enum(['auto', 'utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5', 'shift_jis', 'windows-1252'], {
      default: 'auto',
      title: 'Encoding of CSV, TSV and JSON Lines files',
      'x-title-zh': 'CSV/TSV/JSON Lines 文件编码',
      description:
        'auto: by the mark at the beginning, else UTF-8, UTF-16 or GB18030 (which GBK is part of), whichever the text is good in.',
      'x-description-zh': 'auto：按 BOM 判断，否则依次识别 UTF-8、UTF-16、GB18030（含 GBK）。',
    }),
    workbookMb: Type.Integer({
      minimum: 1,
      maximum: 512,
      default: 64,
      title: 'Largest Excel workbook, unpacked (MB)',
      'x-title-zh': 'Excel 工作簿解压后上限（MB）',
      description: 'A workbook is read as a whole; several times this much memory is needed.',
      'x-description-zh': '工作簿整体读入内存，实际占用为该值的数倍。',
    }),
    temporaryMb: Type.Integer({
      minimum: 1,
      default: 1_024,
      title: 'Room for temporary copies (MB)',
      'x-title-zh': '临时副本空间上限（MB）',
      description:
        'Sheets of workbooks and texts that are not in UTF-8 are copied while a connection is open, and deleted with it.',
      'x-description-zh': 'Excel 工作表与非 UTF-8 文本在连接期间生成临时副本，连接关闭即删除。',
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
