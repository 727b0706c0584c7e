// Starts the console: theme and language first, so that nothing flashes.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyTheme, followSystemTheme, keptTheme } from './frame/preferences.ts'
import { firstAreas, loadWords } from './words/load-words.ts'
import 'tdesign-react/es/style/index.css'
import './style/style.css'

applyTheme(keptTheme())
followSystemTheme()

await loadWords(firstAreas)
const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
