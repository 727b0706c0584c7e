// The providers around all pages: words, replies, notices, routes.

import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { setCallFacts } from './api/call.ts'
import { queryClient } from './api/client.ts'
import { NoticesProvider } from './patterns/notices.tsx'
import { router } from './router.tsx'
import {
  type AnyCatalogue,
  keepLanguage,
  type Language,
  loadCatalogue,
  WordsContext,
  wordsOf,
} from './words/use-words.ts'

interface AppProps {
  readonly start: { readonly language: Language; readonly catalogue: AnyCatalogue }
}

const apiLanguages: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' }

export function App({ start }: AppProps) {
  const [{ language, catalogue }, setShown] = useState(start)
  const words = useMemo(
    () =>
      wordsOf(catalogue, language, (next) => {
        keepLanguage(next)
        void loadCatalogue(next).then((loaded) => setShown({ language: next, catalogue: loaded }))
      }),
    [catalogue, language],
  )
  // Before any page asks: the API's messages are in the person's language, too.
  setCallFacts({ language: apiLanguages[language] })
  useEffect(() => {
    document.documentElement.lang = words.locale
  }, [words])
  return (
    <WordsContext value={words}>
      <QueryClientProvider client={queryClient}>
        <NoticesProvider>
          <RouterProvider router={router} />
        </NoticesProvider>
      </QueryClientProvider>
    </WordsContext>
  )
}
