import { same } from './notice.js';
import { cutToBytes, render, type ToldNotice } from './render.js';

const notice = (number: number, more: Partial<ToldNotice> = {}): ToldNotice => ({
  event: 'incident_opened',
  severity: 'S3',
  title: { zh: `姓名必填 ${number}`, en: `Name required ${number}` },
  facts: [
    { label: { zh: '数据集', en: 'Dataset' }, value: same('core.客户 "x" 😀') },
    { label: { zh: '违规', en: 'Violations' }, value: same('2 / 4') },
  ],
  path: `/incidents/${number}`,
  at: new Date('2026-06-01T00:00:00Z'),
  ...more,
});
const link = (path: string) => `https://dq.bank${path}`;

it('one notice is told whole, in either language', () => {
  expect(render([notice(1)], 'zh', link)).toEqual({
    subject: '[Plumbline] S3 新问题：姓名必填 1',
    text: 'S3 新问题：姓名必填 1\n\n数据集：core.客户 "x" 😀\n违规：2 / 4\n\nhttps://dq.bank/incidents/1',
  });
  expect(render([notice(1)], 'en', () => undefined)).toEqual({
    subject: '[Plumbline] S3 Incident opened: Name required 1',
    text: 'S3 Incident opened: Name required 1\n\nDataset: core.客户 "x" 😀\nViolations: 2 / 4',
  });
});

it('many are counted, grave ones first, and what is over is said', () => {
  const { subject, text } = render(
    [...Array.from({ length: 499 }, (_, at) => notice(at)), notice(999, { severity: 'S1' })],
    'en',
    link,
  );
  expect(subject).toBe('[Plumbline] 500 notices: Incident opened 500');
  const lines = text.split('\n');
  expect(lines[2]).toBe('· S1 Incident opened: Name required 999 (core.客户 "x" 😀, 2 / 4)');
  expect(lines.filter((line) => line.startsWith('· '))).toHaveLength(20);
  expect(text).toContain('… and 480 more');
});

it('a name cannot forge a line or a header', () => {
  const { subject, text } = render(
    [
      notice(1, {
        title: same('x\r\nBcc: a@b\u2028y'),
        facts: [{ label: same('Dataset'), value: same('a\nViolations: 0') }],
      }),
    ],
    'en',
    () => undefined,
  );
  expect(subject).toBe('[Plumbline] S3 Incident opened: x Bcc: a@b y');
  expect(text.split('\n').at(-1)).toBe('Dataset: a Violations: 0');
});

it.each([
  ['short', 10, 'short'],
  ['数据质量', 9, '数据…'],
  ['👨‍👩‍👧x', 10, '…'],
  ['abcdef', 5, 'ab…'],
])('%s cut to %d bytes is %s', (text, most, cut) => {
  expect(cutToBytes(text, most)).toBe(cut);
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
});
