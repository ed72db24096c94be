import { type TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';

import { Refused, Unreachable } from './refused';

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly inputPath?: readonly string[] };
  }[];
}

/** Sends an operation to the API. @throws {Refused} with the server's sentences. {@link Unreachable} */
export async function ask<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const { data, errors } = await send<Data>({ query: print(document), variables }, signal);
  if (errors && errors.length > 0)
    throw new Refused(
      errors.map(({ message, extensions }) => ({
        message,
        code: extensions?.code ?? 'INTERNAL',
        path: extensions?.inputPath ?? [],
      })),
    );
  if (data == null) throw new Unreachable();
  return data;
}

async function send<Data>(body: object, signal?: AbortSignal): Promise<Answer<Data>> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    return (await response.json()) as Answer<Data>;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable();
  }
}
