// The words of the page, as its components ask for them: typed, at once, in the language that is shown.

import { createContext, useContext } from 'react'
import type { en } from './en.ts'
import { fillWords, type Values } from './fill.ts'
import { findWords, type Language } from './load-words.ts'

export type { Language } from './load-words.ts'

type Catalogue = typeof en
type AreaOf = keyof Catalogue & string
/** `namespaces.title`: the area and the name in it. */
export type WordKey = {
  [A in AreaOf]: `${A}.${keyof Catalogue[A] & string}`
}[AreaOf]

export interface Words {
  readonly language: Language
  /** For Intl: dates, numbers. */
  readonly locale: 'en-GB' | 'zh-CN'
  setLanguage(language: Language): void
  t(key: WordKey, values?: Values): string
}

export const WordsContext = createContext<Words | undefined>(undefined)

export function useWords(): Words {
  const words = useContext(WordsContext)
  if (!words) throw new Error('words are asked for outside their provider')
  return words
}

export function wordsOf(language: Language, setLanguage: (language: Language) => void): Words {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  return {
    language,
    locale,
    setLanguage,
    t: (key, values) => {
      const [area = '', name = ''] = key.split('.')
      return fillWords(findWords(language, area, name) ?? key, values, locale)
    },
  }
}
