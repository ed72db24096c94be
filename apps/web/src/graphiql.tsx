import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

/** Asks the API that served this page, as whoever is signed in here. */
const ask = async (params: object): Promise<never> => {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  });
  return (await response.json()) as never;
};

const root = document.getElementById('graphiql');
if (root) {
  root.style.height = '100dvh';
  document.body.style.margin = '0';
  createRoot(root).render(<GraphiQL fetcher={ask} />);
}
