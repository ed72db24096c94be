import { ChannelRefused } from '../notifications.errors.js';
import { type Sender } from './parcel.js';

const PATIENCE_MS = 15_000;

/** Sends a message by SMTP, with its files. */
export const sendByMail: Sender = async (parcel, signal) => {
  const { channel, secrets, recipients, subject, body, attachments, id, language } = parcel;
  const { host, port = 25, tls = 'starttls', username, from = '' } = channel.settings;
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(username !== undefined && { auth: { user: username, pass: secrets.password ?? '' } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // What is attached is given as bytes; a path or an address would be read from here.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const stop = () => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const sent = await transport.sendMail({
      from,
      to: [...recipients],
      subject,
      text: body,
      messageId: `<${id}@plumbline>`,
      headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
      attachments: attachments.map(({ name, mediaType, content }) => ({
        ...{ filename: name, contentType: mediaType, content },
      })),
    });
    const { rejected } = sent;
    return rejected.length === 0 ? sent.response.slice(0, 200) : `${rejected.length} recipient(s) were refused`;
  } catch (error) {
    throw asFault(channel.name, error);
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
};

/** 5xx of SMTP is for good; anything else passes. */
function asFault(name: string, error: unknown): Error {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string };
  if (responseCode !== undefined && responseCode >= 500) return new ChannelRefused(name, `SMTP ${responseCode}`);
  return new Error(`The channel "${name}" cannot be reached: ${code ?? ''} ${message ?? ''}`.trim(), { cause: error });
}
