/**
 * Bundles dt-sql-parser, whose own files do not load as native modules, into one: `dist/vendor/dt-sql-parser.mjs`,
 * known as `#dt-sql-parser`. Run by `ensureBuilt`.
 */
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..', '..');

await build({
  configFile: false,
  root,
  logLevel: 'warn',
  publicDir: false,
  build: {
    lib: {
      entry: join(root, 'node_modules', 'dt-sql-parser', 'dist', 'index.js'),
      formats: ['es'],
      fileName: () => 'dt-sql-parser.mjs',
    },
    outDir: join(root, 'dist', 'vendor'),
    emptyOutDir: true,
    target: 'node20',
    minify: true,
    chunkSizeWarningLimit: 16_000,
  },
});
