import { defineConfig } from 'vite';

// One script for pages; the SIP library is a file of its own that only a browser call loads.
export default defineConfig({
  base: './',
  build: {
    outDir: 'dist/site',
    target: 'es2022',
    modulePreload: false,
    rollupOptions: {
      input: { 'click-to-call': 'src/index.ts' },
      preserveEntrySignatures: 'allow-extension',
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
