import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './shell/plumbline.css';

import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { type ComponentProps } from 'react';
import { createRoot } from 'react-dom/client';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

const socket = createClient({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
});

const isSubscription = (query: string, name: string | null | undefined): boolean =>
  new RegExp(`\\bsubscription\\b\\s*${name ?? ''}`).test(query);

/** Asks over HTTP with the cookie of who is signed in here; follows subscriptions over a socket. */
const fetcher: Fetcher = async (asked, more) => {
  const { query, operationName, variables } = asked;
  if (isSubscription(query, operationName))
    return socket.iterate({ query, operationName, variables: variables as Record<string, unknown> }) as never;
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { ...more?.headers, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  return (await response.json()) as never;
};

const root = document.getElementById('root');
if (!root) throw new Error('graphiql.html has no element "root".');
createRoot(root).render(<GraphiQL fetcher={fetcher} defaultQuery="{ me { login displayName roles } }" />);
