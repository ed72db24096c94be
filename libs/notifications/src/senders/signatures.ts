import { createHmac } from 'node:crypto';

/** What a webhook's receiver checks: HMAC-SHA256 over the time in seconds, a dot, and the body, in hex. */
export const webhookSignature = (secret: string, seconds: number, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** 钉钉: over the time in milliseconds, a line feed and the secret, keyed with the secret. */
export const dingtalkSignature = (secret: string, milliseconds: number): string =>
  createHmac('sha256', secret).update(`${milliseconds}\n${secret}`).digest('base64');

/** 飞书: over nothing at all, keyed with the time in seconds, a line feed and the secret. */
export const feishuSignature = (secret: string, seconds: number): string =>
  createHmac('sha256', `${seconds}\n${secret}`).update('').digest('base64');
