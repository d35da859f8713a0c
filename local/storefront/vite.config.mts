// Builds the storefront into .build/storefront: `vite build local/storefront`. What it knows of signing in and calling
// the API is the code of docs/clients.md.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import '../../docs/typecheck/extract.mjs';

export default defineConfig({
  resolve: { alias: { '@docs': fileURLToPath(new URL('../../docs/typecheck/generated', import.meta.url)) } },
  build: {
    outDir: '../../.build/storefront',
    emptyOutDir: true,
    target: 'es2022',
    // The page's Content-Security-Policy has no room for inline scripts or styles.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    reportCompressedSize: true,
  },
});
