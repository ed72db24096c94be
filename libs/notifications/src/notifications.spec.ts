import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { AuditLog } from '#audit';
import { FixedClock, systemActor } from '#kernel';
import {
  type Channel,
  ChannelNameTaken,
  Channels,
  type ChannelWish,
  Deliveries,
  Messenger,
  type Notice,
  Notifications,
  NotificationsModule,
  NothingToSendAgain,
  same,
  type SubscriptionWish,
  Subscriptions,
} from '#notifications';
import { rows } from '#platform/database';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';

const actor = systemActor('通知 "test" 😀');
const start = new Date('2026-06-01T02:00:00Z');
const MINUTE = 60_000;

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who is posted to. What he answers can be set; he checks nothing by himself. */
class Listener {
  readonly heard: Heard[] = [];
  answer: (heard: Heard) => { status: number; body: string; location?: string } = () => ({
    status: 200,
    body: '{"errcode":0}',
  });
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Listener> {
    const server = createServer();
    const listener = new Listener(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const heard = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() };
        listener.heard.push(heard);
        const { status, body, location } = listener.answer(heard);
        response.writeHead(status, location === undefined ? {} : { location }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What was posted, as JSON. */
  bodies<T>(): T[] {
    return this.heard.map(({ body }) => JSON.parse(body) as T);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('notifications', () => {
  const clock = new FixedClock(start);
  let context: TestContext;
  let db: DataSource;
  let channels: Channels;
  let subscriptions: Subscriptions;
  let listener: Listener;
  let made = 0;

  beforeAll(async () => {
    context = await testContext([NotificationsModule], [], clock, { publicUrl: 'https://dq.bank.example' });
    db = context.app.get(DataSource);
    channels = context.app.get(Channels);
    subscriptions = context.app.get(Subscriptions);
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    clock.set(start);
    listener = await Listener.open();
  });
  afterEach(async () => {
    for (const { id } of await channels.list()) await channels.remove(actor, id);
    await listener.close();
  });

  const channel = (wish: Partial<ChannelWish> & Pick<ChannelWish, 'kind'>): Promise<Channel> =>
    channels.add(actor, { name: `渠道 "c" 😀 ${++made}`, ...wish });
  const webhook = () => channel({ kind: 'webhook', url: `${listener.url}/hook`, secret: 'a long shared secret' });
  const subscribe = (to: Channel, more: Partial<SubscriptionWish> = {}) =>
    subscriptions.add(actor, {
      ...{
        channelId: to.id,
        name: `订阅 ${++made}`,
        recipients: [],
        severities: [],
        domains: [],
        sourceIds: [],
        owners: [],
      },
      ...{ events: ['incident_opened', 'incident_resolved'], language: 'zh', timeZone: 'Asia/Shanghai' },
      ...{ quiet: null, urgentAtOnce: true, digest: null },
      ...more,
    });
  const notice = (key: string, more: Partial<Notice> = {}): Notice => ({
    ...{ event: 'incident_opened', key: `${key} ${made}`, about: `incident ${key}`, severity: 'S3' },
    title: { zh: `姓名必填 ${key}`, en: `Name required ${key}` },
    facts: [{ label: { zh: '数据集', en: 'Dataset' }, value: same('core.客户 "x" 😀') }],
    path: '/incidents/1',
    ...more,
  });
  const tell = (...notices: readonly Notice[]) =>
    db.transaction((tx) => context.app.get(Notifications).send(tx, ...notices));
  const sendDue = () => context.app.get(Messenger).sendDue(new AbortController().signal);
  const later = (minutes: number) => clock.set(new Date(clock.now().getTime() + minutes * MINUTE));

  describe('a webhook', () => {
    it('is posted to once, signed, with a key that stays the same in each try', async () => {
      await subscribe(await webhook());
      await tell(notice('one'));
      await tell(notice('one'));
      expect(await sendDue()).toEqual({ sent: 1, failed: 0, putOff: 0 });
      expect(await sendDue()).toEqual({ sent: 0, failed: 0, putOff: 0 });
      const [{ headers, body, path }] = listener.heard as [Heard];
      expect(path).toBe('/hook');
      const seconds = headers['plumbline-timestamp'] as string;
      expect(Number(seconds)).toBe(start.getTime() / 1_000);
      expect(headers['plumbline-signature']).toBe(
        `v1=${createHmac('sha256', 'a long shared secret').update(`${seconds}.${body}`).digest('hex')}`,
      );
      expect(JSON.parse(body)).toMatchObject({
        id: headers['plumbline-delivery'],
        language: 'zh',
        subject: '[Plumbline] S3 新问题：姓名必填 one',
        text: 'S3 新问题：姓名必填 one\n\n数据集：core.客户 "x" 😀\n\nhttps://dq.bank.example/incidents/1',
        notices: [
          { event: 'incident_opened', severity: 'S3', title: { en: 'Name required one' }, path: '/incidents/1' },
        ],
      });
    });

    it('that answers 500 is asked again after growing pauses, and then it is told what was lost', async () => {
      const broken = await webhook();
      await subscribe(broken, { events: ['incident_opened', 'channel_failing'] });
      const other = await channel({ kind: 'wecom', url: `${listener.url}/other?key=k` });
      await subscribe(other, { events: ['channel_failing'], language: 'en' });
      listener.answer = ({ path }) =>
        path === '/hook' ? { status: 500, body: 'broken' } : { status: 200, body: '{"errcode":0}' };
      await tell(notice('lost'));
      expect(await sendDue()).toEqual({ sent: 0, failed: 0, putOff: 1 });
      expect(await sendDue()).toEqual({ sent: 0, failed: 0, putOff: 0 });
      later(1);
      listener.answer = () => ({ status: 302, body: '', location: 'http://127.0.0.1:1/elsewhere' });
      // A redirect is refused for good, not followed.
      expect(await sendDue()).toEqual({ sent: 0, failed: 1, putOff: 0 });
      const [failed] = (
        await context.app.get(Deliveries).list({ channelId: broken.id, states: ['failed'] }, { first: 5 })
      ).items;
      expect(failed).toMatchObject({ attempts: 2, subject: '[Plumbline] S3 新问题：姓名必填 lost' });
      expect(new Set(listener.heard.map(({ headers }) => headers['plumbline-delivery']))).toEqual(
        new Set([failed!.id]),
      );
      expect((await channels.get(broken.id)).failingSince).toEqual(clock.now());
      listener.heard.length = 0;
      listener.answer = () => ({ status: 200, body: '{"errcode":0}' });
      await sendDue();
      expect(listener.heard.map(({ path }) => path)).toEqual(['/other?key=k']);
      expect(listener.heard[0]!.body).toContain('Not delivered: 1');
      await context.app.get(Deliveries).again(actor, failed!.id);
      await expect(context.app.get(Deliveries).again(actor, failed!.id)).rejects.toThrow(NothingToSendAgain);
      expect(await sendDue()).toEqual({ sent: 1, failed: 0, putOff: 0 });
      expect((await channels.get(broken.id)).failingSince).toBeNull();
    });

    it('is given up after ten tries', async () => {
      const broken = await webhook();
      await subscribe(broken);
      listener.answer = () => ({ status: 503, body: '' });
      await tell(notice('hopeless'));
      const pauses: number[] = [];
      for (let passed = { failed: 0 }; passed.failed === 0; passed = await sendDue()) {
        const [{ items }] = [await context.app.get(Deliveries).list({ channelId: broken.id }, { first: 1 })];
        if (items[0]) {
          pauses.push((items[0].nextAt.getTime() - clock.now().getTime()) / MINUTE);
          clock.set(items[0].nextAt);
        }
      }
      expect(pauses).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60, 60]);
      expect(listener.heard).toHaveLength(10);
    });
  });

  describe('a robot', () => {
    it.each([
      [
        'wecom',
        undefined,
        (heard: Heard) => [heard.path, JSON.parse(heard.body)],
        [
          '/robot?key=SECRET',
          { msgtype: 'text', text: { content: expect.stringMatching(/^\[Plumbline\] S3 新问题/) } },
        ],
      ],
      [
        'dingtalk',
        'SECabc',
        (heard: Heard) => {
          const { searchParams } = new URL(heard.path, 'http://x');
          const at = searchParams.get('timestamp') ?? '';
          const sign = createHmac('sha256', 'SECabc').update(`${at}\nSECabc`).digest('base64');
          return [searchParams.get('key'), Number(at), searchParams.get('sign') === sign, JSON.parse(heard.body)];
        },
        [
          'SECRET',
          start.getTime(),
          true,
          { msgtype: 'text', text: { content: expect.stringMatching(/^\[Plumbline\] S3 新问题/) } },
        ],
      ],
      [
        'feishu',
        'xyz',
        (heard: Heard) => {
          const { timestamp, sign, ...rest } = JSON.parse(heard.body) as { timestamp: string; sign: string };
          return [timestamp, sign === createHmac('sha256', `${timestamp}\nxyz`).digest('base64'), rest];
        },
        [
          String(start.getTime() / 1_000),
          true,
          { msg_type: 'text', content: { text: expect.stringMatching(/^\[Plumbline\].*＜at/s) } },
        ],
      ],
    ] as const)('of %s gets text as it wants it, signed', async (kind, secret, read, wanted) => {
      const robot = await channel({ kind, url: `${listener.url}/robot?key=SECRET`, ...(secret && { secret }) });
      expect(JSON.stringify(await channels.get(robot.id))).not.toContain('SECRET');
      await subscribe(robot);
      await tell(notice('r', { facts: [{ label: same('x'), value: same('<at user_id="all">') }] }));
      listener.answer = () => ({
        status: 200,
        body: kind === 'feishu' ? '{"code":0,"msg":"success"}' : '{"errcode":0,"errmsg":"ok"}',
      });
      expect(await sendDue()).toEqual({ sent: 1, failed: 0, putOff: 0 });
      expect(read(listener.heard[0]!)).toEqual(wanted);
    });

    it.each([
      ['wecom', '{"errcode":45009,"errmsg":"api freq out of limit"}', 'putOff'],
      ['wecom', '{"errcode":93000,"errmsg":"invalid webhook url"}', 'failed'],
      ['dingtalk', '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', 'putOff'],
      ['dingtalk', '{"errcode":310000,"errmsg":"sign not match"}', 'failed'],
      ['feishu', '{"code":9499,"msg":"too many request"}', 'putOff'],
      ['feishu', '{"code":19021,"msg":"sign match fail"}', 'failed'],
      ['feishu', 'no JSON', 'putOff'],
    ] as const)('of %s that answers %s is %s, whatever HTTP says', async (kind, body, what) => {
      const robot = await channel({ kind, url: `${listener.url}/robot` });
      await subscribe(robot);
      await tell(notice('refused'));
      listener.answer = () => ({ status: 200, body });
      expect(await sendDue()).toMatchObject({ sent: 0, [what]: 1 });
    });

    it('gets no more than twenty messages a minute; the rest comes together', async () => {
      const robot = await channel({ kind: 'wecom', url: `${listener.url}/robot` });
      for (let at = 0; at < 10; at++) await subscribe(robot);
      await tell(notice('a'), notice('b'));
      expect(await sendDue()).toMatchObject({ sent: 20 });
      await tell(notice('c'), notice('d'));
      expect(await sendDue()).toMatchObject({ sent: 0 });
      later(1);
      await tell(notice('e'));
      expect(await sendDue()).toMatchObject({ sent: 20 });
      later(1);
      await sendDue();
      const texts = listener.bodies<{ text: { content: string } }>().map(({ text }) => text.content);
      for (const key of ['a', 'b', 'c', 'd', 'e'])
        expect(texts.filter((text) => text.includes(`姓名必填 ${key}`))).toHaveLength(10);
    });

    it('of WeCom gets no more bytes than it takes', async () => {
      await subscribe(await channel({ kind: 'wecom', url: `${listener.url}/robot` }));
      await tell(...Array.from({ length: 60 }, (_, at) => notice(`很长的规则名称 ${at}`)));
      expect(await sendDue()).toMatchObject({ sent: 1 });
      const [{ text }] = listener.bodies<{ text: { content: string } }>() as [{ text: { content: string } }];
      expect(Buffer.byteLength(text.content)).toBeLessThanOrEqual(2_048);
      expect(text.content).toContain('60 条通知');
    });
  });

  describe('mail', () => {
    let server: SMTPServer;
    let mails: { readonly to: string[]; readonly mail: ParsedMail }[];
    let refuse: number | undefined;
    beforeEach(async () => {
      mails = [];
      refuse = undefined;
      server = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS'],
        onData(stream, session, done) {
          if (refuse !== undefined) {
            stream.resume();
            stream.on('end', () => done(Object.assign(new Error('refused'), { responseCode: refuse })));
            return;
          }
          void simpleParser(stream).then((mail) => {
            mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail });
            done();
          });
        },
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

    const mailbox = () =>
      channel({
        ...{ kind: 'smtp', host: '127.0.0.1', tls: 'none', from: 'dq@bank.example' },
        port: (server.server.address() as AddressInfo).port,
      });

    it('comes with subject, text and files, to those whom the notice names too', async () => {
      const box = await mailbox();
      await subscribe(box, { recipients: ['li@bank.example'], events: ['report_made'], language: 'en' });
      await tell(
        notice('mail', {
          event: 'report_made',
          attachments: [{ name: '六月 "report".pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-😀') }],
          to: [{ channelId: box.id, recipients: ['cdo@bank.example', 'cro@bank.example'], language: 'zh' }],
        }),
      );
      const files = async () => (await rows(db, `SELECT 1 FROM notifications.attachment`)).length;
      expect(await files()).toBe(1);
      expect(await sendDue()).toMatchObject({ sent: 2 });
      expect(await files()).toBe(0);
      expect(mails.map(({ to, mail }) => [to, mail.subject])).toEqual(
        expect.arrayContaining([
          [['cdo@bank.example', 'cro@bank.example'], '[Plumbline] S3 报告已生成：姓名必填 mail'],
          [['li@bank.example'], '[Plumbline] S3 Report made: Name required mail'],
        ]),
      );
      for (const { mail } of mails) {
        expect(mail.attachments).toMatchObject([{ filename: '六月 "report".pdf', contentType: 'application/pdf' }]);
        expect(mail.attachments[0]!.content.toString()).toBe('%PDF-😀');
        expect(mail.text).toContain('https://dq.bank.example/incidents/1');
      }
    });

    it.each([
      [451, { sent: 0, failed: 0, putOff: 1 }],
      [554, { sent: 0, failed: 1, putOff: 0 }],
    ])('that the server refuses with %d', async (code, passed) => {
      await subscribe(await mailbox(), { recipients: ['li@bank.example'] });
      refuse = code;
      await tell(notice('refused'));
      expect(await sendDue()).toEqual(passed);
    });

    it('is not sent unencrypted when TLS is asked for', async () => {
      const { port } = server.server.address() as AddressInfo;
      const box = await channel({ kind: 'smtp', host: '127.0.0.1', port, tls: 'starttls', from: 'dq@bank.example' });
      await subscribe(box, { recipients: ['li@bank.example'] });
      await tell(notice('secret'));
      expect(await sendDue()).toMatchObject({ sent: 0 });
      expect(mails).toEqual([]);
    });
  });

  describe('a subscription', () => {
    it('filters by severity, domain, source and owner', async () => {
      const source = '01890a5d-ac96-774b-bcce-b302099a8057';
      const hook = await webhook();
      await subscribe(hook, { severities: ['S1', 'S2'], domains: ['信贷'], sourceIds: [source], owners: ['Li'] });
      const right = { severity: 'S1', domain: '信贷', sourceId: source, owner: 'li' } as const;
      await tell(
        notice('right', right),
        notice('severity', { ...right, severity: 'S3' }),
        notice('domain', { ...right, domain: '存款' }),
        notice('source', { ...right, sourceId: '01890a5d-ac96-774b-bcce-b302099a8058' }),
        notice('owner', { ...right, owner: 'Wang' }),
        notice('event', { ...right, event: 'waiver_requested' }),
      );
      expect(await sendDue()).toMatchObject({ sent: 1 });
      expect(listener.heard[0]!.body).toContain('姓名必填 right');
    });

    it('keeps quiet hours, but not for S1', async () => {
      await subscribe(await webhook(), { quiet: { from: '09:00', to: '11:00' } }); // 10:00 in Shanghai
      await tell(notice('waits'), notice('urgent', { severity: 'S1' }));
      expect(await sendDue()).toMatchObject({ sent: 1 });
      expect(listener.heard[0]!.body).toContain('姓名必填 urgent');
      later(59);
      expect(await sendDue()).toMatchObject({ sent: 0 });
      later(1);
      expect(await sendDue()).toMatchObject({ sent: 1 });
    });

    it('gets a digest in which the last word about each thing stands for all', async () => {
      await subscribe(await webhook(), { digest: { minutes: 60 } });
      await tell(notice('x'), notice('y'));
      later(10);
      await tell(notice('x resolved', { event: 'incident_resolved', about: 'incident x' }));
      expect(await sendDue()).toMatchObject({ sent: 0 });
      later(50);
      expect(await sendDue()).toMatchObject({ sent: 1 });
      const [{ text }] = listener.bodies<{ text: string }>() as [{ text: string }];
      expect(text).toContain('问题已解决：姓名必填 x resolved');
      expect(text).toContain('新问题：姓名必填 y');
      expect(text).not.toContain('新问题：姓名必填 x');
    });

    it('a storm of five hundred is one message', async () => {
      await subscribe(await webhook());
      await tell(...Array.from({ length: 500 }, (_, at) => notice(`规则 ${at}`)));
      expect(await sendDue()).toEqual({ sent: 1, failed: 0, putOff: 0 });
      expect(listener.bodies<{ subject: string; notices: unknown[] }>()[0]).toMatchObject({
        subject: '[Plumbline] 500 条通知: 新问题 500',
      });
    });

    it('that is removed is told nothing more, nor is a channel', async () => {
      const hook = await webhook();
      const mine = await subscribe(hook);
      await tell(notice('too late'));
      await subscriptions.remove(actor, mine.id);
      expect(await sendDue()).toMatchObject({ sent: 0 });
      await subscribe(hook);
      await tell(notice('too late again'));
      await channels.remove(actor, hook.id);
      expect(await sendDue()).toMatchObject({ sent: 0 });
      expect(listener.heard).toEqual([]);
      expect(
        await rows(db, `SELECT 1 FROM notifications.channel WHERE id = $1 AND secrets IS NULL`, [hook.id]),
      ).toHaveLength(1);
    });
  });

  it('a message in doubt is sent again under its own key', async () => {
    const hook = await webhook();
    await subscribe(hook);
    await tell(notice('doubt'));
    const stopped = new AbortController();
    // The worker dies after the other side has it, and before it says so.
    listener.answer = () => {
      stopped.abort();
      return { status: 200, body: '' };
    };
    await context.app
      .get(Messenger)
      .sendDue(stopped.signal)
      .catch(() => undefined);
    listener.answer = () => ({ status: 200, body: '' });
    later(5);
    await sendDue();
    expect(new Set(listener.heard.map(({ headers }) => headers['plumbline-delivery'])).size).toBe(1);
    expect((await context.app.get(Deliveries).list({ channelId: hook.id }, { first: 5 })).items).toMatchObject([
      { state: 'sent' },
    ]);
  });

  it('a test message says at once what the other side answered', async () => {
    const hook = await webhook();
    const deliveries = context.app.get(Deliveries);
    expect(await deliveries.test(actor, hook.id, [], 'zh')).toMatchObject({ state: 'sent', answer: 'HTTP 200' });
    expect(listener.heard[0]!.body).toContain('测试消息');
    listener.answer = () => ({ status: 500, body: '' });
    expect(await deliveries.test(actor, hook.id, [], 'en')).toMatchObject({ state: 'failed', attempts: 1 });
    later(60);
    expect(await sendDue()).toMatchObject({ sent: 0, failed: 0 });
  });

  it.each<[string, ChannelWish, string]>([
    ['a name', { name: ' ', kind: 'webhook', url: 'https://x' }, 'name'],
    ['an address', { name: 'x', kind: 'webhook', url: 'file:///etc/passwd', secret: 'a long shared secret' }, 'url'],
    ['no password in it', { name: 'x', kind: 'wecom', url: 'https://a:b@x' }, 'url'],
    ['a secret', { name: 'x', kind: 'webhook', url: 'https://x', secret: 'short' }, 'secret'],
    ['a host', { name: 'x', kind: 'smtp', host: 'a b', from: 'a@b' }, 'host'],
    ['a sender', { name: 'x', kind: 'smtp', host: 'mail', from: 'a@b\r\nBcc: c@d' }, 'from'],
    ['TLS for a password', { name: 'x', kind: 'smtp', host: 'mail', from: 'a@b', tls: 'none', password: 'p' }, 'tls'],
  ])('a channel needs %s', async (_, wish, place) => {
    await expect(channels.add(actor, wish)).rejects.toMatchObject({ code: 'INVALID_INPUT', inputPath: [place] });
  });

  it.each<[Partial<SubscriptionWish>, string]>([
    [{ name: '' }, 'name'],
    [{ events: [] }, 'events'],
    [{ recipients: ['a@b.c'] }, 'recipients'],
    [{ quiet: { from: '9', to: '10:00' } }, 'quietFrom'],
    [{ quiet: { from: '09:00', to: '09:00' } }, 'quietTo'],
    [{ digest: { minutes: 0 } }, 'digestMinutes'],
    [{ digest: { at: '24:00' } }, 'digestAt'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  ])('a subscription with %j is refused', async (more, place) => {
    await expect(subscribe(await webhook(), more)).rejects.toMatchObject({ code: 'INVALID_INPUT', inputPath: [place] });
  });

  it('names are taken once, changes are audited, and secrets are nowhere', async () => {
    const hook = await webhook();
    await expect(
      channels.add(actor, { name: hook.name.toUpperCase(), kind: 'wecom', url: 'https://x' }),
    ).rejects.toThrow(ChannelNameTaken);
    await expect(subscribe({ ...hook, id: '00000000-0000-7000-8000-000000000000' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { items } = await context.app
      .get(AuditLog)
      .list({ subjectKind: 'channel', subjectId: hook.id }, { first: 5 });
    expect(items.map(({ action }) => action)).toEqual(['channel.added']);
    expect(JSON.stringify(items)).not.toContain('a long shared secret');
  });
});
