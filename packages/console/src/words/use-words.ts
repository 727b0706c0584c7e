// The words of the page: one catalogue for each language, loaded when it is needed, changed without a reload.

import { createContext, useContext } from 'react'
import type { en } from './en.ts'
import { fillWords, type Values } from './fill.ts'

export type Language = 'en' | 'zh'
type Catalogue = typeof en
type AreaOf = keyof Catalogue & string
/** `namespaces.title`: the area and the name in it. */
export type WordKey = {
  [A in AreaOf]: `${A}.${keyof Catalogue[A] & string}`
}[AreaOf]
export type AnyCatalogue = {
  readonly [A in AreaOf]: { readonly [K in keyof Catalogue[A]]: string }
}

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

const storageKey = 'entrepot.language'
const loaders: Readonly<Record<Language, () => Promise<AnyCatalogue>>> = {
  en: async () => (await import('./en.ts')).en,
  zh: async () => (await import('./zh.ts')).zh,
}

export function loadCatalogue(language: Language): Promise<AnyCatalogue> {
  return loaders[language]()
}

/** What was chosen before, else the browser's. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey)
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.languages.find((one) => /^(?:zh|en)\b/.test(one))?.startsWith('zh') ? 'zh' : 'en'
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
}

export function wordsOf(
  catalogue: AnyCatalogue,
  language: Language,
  setLanguage: (language: Language) => void,
): Words {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  return {
    language,
    locale,
    setLanguage,
    t: (key, values) => {
      const dot = key.indexOf('.')
      const area: Readonly<Record<string, string>> = catalogue[key.slice(0, dot) as AreaOf]
      return fillWords(area[key.slice(dot + 1)] ?? key, values, locale)
    },
  }
}
