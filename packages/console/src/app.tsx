// The providers around all pages: words, replies, notices, routes.

import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { setCallFacts } from './api/call.ts'
import { queryClient } from './api/client.ts'
import { NoticesProvider } from './patterns/notices.tsx'
import { router } from './router.tsx'
import { changeLanguage, type Language, shownLanguage } from './words/load-words.ts'
import { WordsContext, wordsOf } from './words/use-words.ts'

const apiLanguages: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' }

export function App() {
  const [language, setLanguage] = useState(shownLanguage)
  const words = useMemo(
    () =>
      wordsOf(language, (next) => {
        void changeLanguage(next).then(() => setLanguage(shownLanguage()))
      }),
    [language],
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
