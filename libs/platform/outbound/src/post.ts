import { messageOf } from '#kernel';

const PATIENCE_MS = 15_000;
const LONGEST_ANSWER = 500;

/** Who is posted to: how he is called in sentences, and where he is. */
export interface Recipient {
  /** For instance `the receiver "Marquez"`. */
  readonly title: string;
  readonly url: string;
}

export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  /** How it begins; the rest is not read. */
  readonly said: string;
}

/**
 * Posts to an address. A redirect is not followed: what is sent belongs to this address.
 * @throws Error when there was no answer, without the address in its sentence: it may hold a secret.
 */
export async function post(
  { title, url }: Recipient,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual' as const },
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new Error(`${upper(title)} cannot be reached: ${messageOf(cause ?? error)}`, { cause: error });
  }
  return { ok: answer.ok, status: answer.status, said: await beginningOf(answer) };
}

/** Whether the same may be taken later. */
export const saysTryAgain = ({ status }: Answer): boolean => status >= 500 || [408, 425, 429].includes(status);

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const part of body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      if (text.length >= LONGEST_ANSWER) break;
    }
  } catch {
    // It broke off: the status says enough.
  }
  return text.slice(0, LONGEST_ANSWER).trim();
}
