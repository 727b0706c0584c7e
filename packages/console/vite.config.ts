// The console is one page with relative addresses: the server says where it hangs by `<base>`, so that it works below
// any path.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    // A data: address in a style sheet would need the policy to allow it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // `words-zh-login` beside the page `login`.
        chunkFileNames: ({ facadeModuleId }) => {
          const [, language, area] =
            /words\/(en|zh)\/([\w-]+)\.ts$/.exec(facadeModuleId ?? '') ?? []
          const name = language === undefined ? '[name]' : `words-${language}-${area}`
          return `assets/${name}-[hash].js`
        },
      },
    },
  },
})
