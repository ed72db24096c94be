import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import {
  type Block,
  type Cell,
  MOST_PRINTED,
  type ReportDocument,
  type Section,
  type Table,
} from '../document/document.js';
import { STATUSES } from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { bars, CHART_HEIGHT, CHART_WIDTH, COLOURS, line } from './charts.js';
import { FontCoverage } from './font-coverage.js';
import { type Texts, textsIn } from './texts.js';

/** A4 on its side, in points. */
const PAGE_WIDTH = 841.89;
const MARGIN = 34;
const INNER = PAGE_WIDTH - 2 * MARGIN;
/** A cell that would fill pages is cut, and says so. */
const LONGEST_CELL = 1_500;

const fontFolder = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
const FONTS = {
  normal: join(fontFolder, 'NotoSansHans-Regular.otf'),
  bold: join(fontFolder, 'NotoSansHans-Medium.otf'),
};
let coverage: FontCoverage | undefined;

/** The report as a PDF with its fonts in it: headings of tables on every page, and the page's number of how many. */
export async function pdfOf(document: ReportDocument, language: Language): Promise<Buffer> {
  const { default: pdfmake } = await import('pdfmake');
  coverage ??= FontCoverage.of(readFileSync(FONTS.normal));
  pdfmake.setFonts({ Sans: FONTS });
  // Nothing is fetched, and nothing is read but the fonts, whatever a name says.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === FONTS.normal || path === FONTS.bold);
  const texts = textsIn(language);
  const drawn = new Drawn(coverage, texts);
  return pdfmake.createPdf(drawn.definition(document)).getBuffer();
}

class Drawn {
  constructor(
    private readonly font: FontCoverage,
    private readonly texts: Texts,
  ) {}

  definition(document: ReportDocument): object {
    const { title, about, lang } = document;
    return {
      pageSize: 'A4',
      pageOrientation: 'landscape',
      pageMargins: [MARGIN, 46, MARGIN, 40],
      language: lang,
      info: { title: `${title} · ${about}`, creator: 'Plumbline', producer: 'Plumbline' },
      defaultStyle: { font: 'Sans', fontSize: 8, lineHeight: 1.25, color: '#1d2129' },
      header: (page: number) =>
        page === 1
          ? null
          : {
              margin: [MARGIN, 20, MARGIN, 0],
              columns: [
                { text: this.shown(title), color: '#5a6270' },
                { text: this.shown(about), alignment: 'right', color: '#5a6270', width: 'auto', maxWidth: 500 },
              ],
            },
      footer: (page: number, pages: number) => ({
        text: this.texts.page(page, pages),
        alignment: 'right',
        color: '#5a6270',
        margin: [MARGIN, 12, MARGIN, 0],
      }),
      // A heading is not the last thing on a page.
      pageBreakBefore: (
        node: { headlineLevel?: number },
        { getFollowingNodesOnPage }: { getFollowingNodesOnPage: () => readonly unknown[] },
      ) => node.headlineLevel === 1 && getFollowingNodesOnPage().length < 6,
      content: [
        { text: this.shown(title), fontSize: 18, bold: true, margin: [0, 0, 0, 8] },
        ...document.head.flatMap((block) => this.block(block, '')),
        ...document.sections.flatMap((section) => this.section(section)),
      ],
    };
  }

  private section({ heading, blocks }: Section): object[] {
    return [
      { text: this.shown(heading), fontSize: 12, bold: true, margin: [0, 12, 0, 4], headlineLevel: 1 },
      ...blocks.flatMap((block) => this.block(block, heading)),
    ];
  }

  private block(block: Block, heading: string): object[] {
    if ('text' in block)
      return [
        {
          text: this.shown(block.text),
          margin: [0, 3, 0, 3],
          ...(block.tone !== undefined && { color: block.tone === 'notice' ? '#8a5a00' : '#5a6270' }),
        },
      ];
    if ('facts' in block)
      return [
        {
          layout: 'noBorders',
          margin: [0, 2, 0, 4],
          table: {
            widths: ['auto', '*'],
            body: block.facts.map(([name, cell]) => [
              { text: this.shown(name), color: '#5a6270', margin: [0, 0, 12, 0] },
              this.shown(cell.text),
            ]),
          },
        },
      ];
    if ('days' in block)
      return [
        this.chart(bars(block.days.names, block.days.counts, this.texts).text),
        {
          columns: STATUSES.map((status) => ({
            width: 'auto',
            margin: [0, 0, 12, 4],
            text: [{ text: '■ ', color: COLOURS[status] }, this.shown(this.texts.statuses[status])],
          })),
        },
      ];
    if ('line' in block) return [this.chart(line(block.line, heading).text)];
    if ('code' in block)
      return [
        { text: this.shown(block.title), bold: true, margin: [0, 4, 0, 1] },
        {
          text: this.fitted(cut(block.code), INNER - 8, 7),
          fontSize: 7,
          margin: [8, 0, 0, 4],
          preserveLeadingSpaces: true,
        },
      ];
    return this.table(block.table);
  }

  private chart = (svg: string): object => ({
    svg,
    font: 'Sans',
    width: INNER,
    height: (INNER / CHART_WIDTH) * CHART_HEIGHT,
    margin: [0, 4, 0, 4],
  });

  private table({ columns, rows, leftOut }: Table): object[] {
    const all = columns.reduce((sum, { width }) => sum + width, 0);
    // Beside its width, a column has paddings and a line.
    const room = INNER - columns.length * 6.5 - 1;
    const widths = columns.map(({ width }) => Math.floor((width / all) * room * 100) / 100);
    const shown = leftOut === undefined ? rows : rows.slice(0, MOST_PRINTED);
    const missing = rows.length - shown.length;
    return [
      {
        margin: [0, 2, 0, 4],
        layout: {
          hLineWidth: () => 0.5,
          vLineWidth: () => 0.5,
          hLineColor: () => '#ccd0d8',
          vLineColor: () => '#ccd0d8',
          paddingLeft: () => 3,
          paddingRight: () => 3,
          paddingTop: () => 2,
          paddingBottom: () => 2,
        },
        table: {
          headerRows: 1,
          keepWithHeaderRows: 1,
          dontBreakRows: true,
          widths,
          body: [
            columns.map(({ title }, at) => ({
              text: this.fitted(title, widths[at] ?? 0, 7.5),
              bold: true,
              fillColor: '#f2f4f7',
              fontSize: 7.5,
            })),
            ...shown.map((cells) => cells.map((cell, at) => this.cell(cell, widths[at] ?? 0))),
          ],
        },
      },
      ...(missing > 0 && leftOut
        ? [{ text: this.shown(leftOut(missing)), color: '#8a5a00', margin: [0, 2, 0, 4] }]
        : []),
    ];
  }

  private cell({ text, as, tone }: Cell, width: number): object {
    return {
      text: this.fitted(cut(text), width, 7.5),
      fontSize: 7.5,
      ...((as === 'count' || as === 'share') && { alignment: 'right' }),
      ...(tone === 'fail' && { color: '#a52a1e', bold: true }),
    };
  }

  private shown(text: string): string {
    return this.font.shown(text.replaceAll('\r', '').replaceAll('\t', '    '));
  }

  /** A word that is longer than its line goes on in the next, where it would run into its neighbour otherwise. */
  private fitted(text: string, width: number, size: number): string {
    const most = Math.max(4, Math.floor(width / (size * WIDE_LETTER)));
    return this.shown(text).replace(LATIN_WORD, (word) =>
      word.length <= most ? word : (word.match(new RegExp(`.{1,${most}}`, 'g')) ?? []).join('\n'),
    );
  }
}

/** What a line may not break within. */
const LATIN_WORD = /[\u0021-\u024f]+/g;
/** Width of a wide letter, in sizes of the font. */
const WIDE_LETTER = 0.62;

const cut = (text: string): string => (text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)} […]` : text);
