import { join } from 'node:path';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The API that the dev server hands GraphQL to: `PLUMBLINE_URL`, or the one of `npm start`. */
const api = process.env.PLUMBLINE_URL ?? 'http://127.0.0.1:7070';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // A data: URI would be fine for pictures, but the page's policy wants scripts and workers as files.
    assetsInlineLimit: 0,
    // GraphiQL is a page of its own, so that it costs the UI nothing.
    rolldownOptions: {
      input: ['index.html', 'graphiql.html'].map((page) => join(import.meta.dirname, page)),
      // Its packages carry directives to React's compiler, which has already been and gone.
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
    chunkSizeWarningLimit: 5000,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: api, ws: true },
      '/api': { target: api },
      // The files of a report; /reports itself is a page of the UI.
      '^/reports/.+/.+': { target: api },
    },
  },
});
