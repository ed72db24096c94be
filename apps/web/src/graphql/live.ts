import { type TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
import { createClient } from 'graphql-ws';
import { useSyncExternalStore } from 'react';

const socketUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/** Opened with the first subscription, closed a little after the last; comes back by itself. */
const client = createClient({
  url: socketUrl,
  lazyCloseTimeout: 3_000,
  retryAttempts: Infinity,
  shouldRetry: () => true,
});

/** Follows a subscription until it ends or the answer is called. What goes wrong is left to polling. */
export function follow<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  heard: (data: Data) => void,
): () => void {
  return client.subscribe<Data>(
    { query: print(document), variables },
    { next: ({ data }) => data != null && heard(data), error: () => undefined, complete: () => undefined },
  );
}

let connected = false;

function watch(changed: () => void): () => void {
  const set = (value: boolean) => () => {
    connected = value;
    changed();
  };
  const off = [client.on('connected', set(true)), client.on('closed', set(false))];
  return () => off.forEach((stop) => stop());
}

/** Whether news arrives by itself just now; when not, ask again now and then. */
export const useConnected = (): boolean => useSyncExternalStore(watch, () => connected);
