import { type NoticeContent, type NoticeEvent, type NoticeLanguage, type NoticeSeverity } from './notice.js';

/** A notice as it is rendered. */
export interface ToldNotice extends NoticeContent {
  readonly event: NoticeEvent;
  readonly severity: NoticeSeverity | null;
  readonly at: Date;
}

/** A message in one language, as plain text: names in it are nobody's markup. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

/** Notices of a digest that are told in words; the others are counted. */
const MOST_TOLD = 20;

const EVENTS: Readonly<Record<NoticeEvent, Readonly<Record<NoticeLanguage, string>>>> = {
  incident_opened: { zh: '新问题', en: 'Incident opened' },
  incident_reopened: { zh: '问题再次发生', en: 'Incident opened again' },
  incident_flapping: { zh: '问题反复', en: 'Incident flaps' },
  incident_escalated: { zh: '问题超时', en: 'Incident overdue' },
  incident_resolved: { zh: '问题已解决', en: 'Incident resolved' },
  waiver_requested: { zh: '豁免申请', en: 'Waiver requested' },
  waiver_decided: { zh: '豁免审批结果', en: 'Waiver decided' },
  waiver_expiring: { zh: '豁免即将到期', en: 'Waiver expires soon' },
  waiver_ended: { zh: '豁免已结束', en: 'Waiver ended' },
  report_made: { zh: '报告已生成', en: 'Report made' },
  channel_failing: { zh: '通知渠道故障', en: 'Channel fails' },
  test: { zh: '测试消息', en: 'Test message' },
};

const WORDS = {
  zh: {
    many: (n: number) => `${n} 条通知`,
    rest: (n: number) => `……另有 ${n} 条，请在 Plumbline 中查看。`,
    files: (n: number) => `另有 ${n} 个附件，仅随邮件发送。`,
  },
  en: {
    many: (n: number) => `${n} notices`,
    rest: (n: number) => `… and ${n} more; see them in Plumbline.`,
    files: (n: number) => `${n} file(s) go by mail only.`,
  },
} as const;

/** The message for one notice, or for several together: grave ones first, then the oldest. */
export function render(
  notices: readonly ToldNotice[],
  language: NoticeLanguage,
  linkTo: (path: string) => string | undefined,
  filesLeftOut = 0,
): Message {
  const [first] = notices;
  const files = filesLeftOut === 0 ? [] : [WORDS[language].files(filesLeftOut)];
  if (first && notices.length === 1)
    return { subject: subjectOf(first, language), text: [...wholeOf(first, language, linkTo), ...files].join('\n') };
  const inOrder = notices.toSorted(
    (one, other) =>
      (one.severity ?? 'S9').localeCompare(other.severity ?? 'S9') || one.at.getTime() - other.at.getTime(),
  );
  const told = inOrder.slice(0, MOST_TOLD);
  const rest = inOrder.length - told.length;
  return {
    subject: `[Plumbline] ${WORDS[language].many(notices.length)}: ${tally(notices, language)}`,
    text: [
      tally(notices, language),
      '',
      ...told.map((notice) => `· ${headOf(notice, language)}${factsInLine(notice, language)}`),
      ...(rest > 0 ? [WORDS[language].rest(rest)] : []),
      ...(linkTo('/incidents') === undefined ? [] : ['', linkTo('/incidents')!]),
      ...files,
    ].join('\n'),
  };
}

const subjectOf = (notice: ToldNotice, language: NoticeLanguage): string =>
  oneLine(`[Plumbline] ${headOf(notice, language)}`).slice(0, 200);

function headOf({ event, severity, title }: ToldNotice, language: NoticeLanguage): string {
  const colon = language === 'zh' ? '：' : ': ';
  return `${severity === null ? '' : `${severity} `}${EVENTS[event][language]}${colon}${oneLine(title[language])}`;
}

function wholeOf(notice: ToldNotice, language: NoticeLanguage, linkTo: (path: string) => string | undefined): string[] {
  const colon = language === 'zh' ? '：' : ': ';
  const link = linkTo(notice.path);
  return [
    headOf(notice, language),
    '',
    ...notice.facts.map(({ label, value }) => `${label[language]}${colon}${oneLine(value[language])}`),
    ...(link === undefined ? [] : ['', link]),
  ];
}

/** The first facts, which are those that matter most. */
function factsInLine({ facts }: ToldNotice, language: NoticeLanguage): string {
  const said = facts.slice(0, 2).map(({ value }) => oneLine(value[language]));
  return said.length === 0 ? '' : language === 'zh' ? `（${said.join('，')}）` : ` (${said.join(', ')})`;
}

function tally(notices: readonly ToldNotice[], language: NoticeLanguage): string {
  const counts = [...Map.groupBy(notices, ({ event }) => event)].map(
    ([event, alike]) => `${EVENTS[event][language]} ${alike.length}`,
  );
  return counts.join(language === 'zh' ? '，' : ', ');
}

// A line break in a name would forge a fact, and in a subject a header.
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** As much of a text as fits into so many bytes of UTF-8, by whole characters. */
export function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  let bytes = Buffer.byteLength('…');
  let cut = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > most) break;
    cut += segment;
  }
  return `${cut}…`;
}
