// Words are loaded with the first page that speaks them, an area at a time, in the language that is shown. Both stay
// the same for a page: its words are there before it is drawn, and before another language is shown.

import { loadCode } from '../api/code.ts'
import type { en } from './en.ts'

export type Language = 'en' | 'zh'
export type Area = keyof typeof en & string
type AreaWords = Readonly<Record<string, string>>

/** Spoken everywhere: they are loaded before anything is drawn. */
export const firstAreas = ['frame', 'patterns'] as const satisfies readonly Area[]

const files = import.meta.glob<Readonly<Record<string, AreaWords>>>(['./en/*.ts', './zh/*.ts'])
const storageKey = 'entrepot.language'
const wanted = new Set<Area>()
const loaded: Readonly<Record<Language, Map<Area, AreaWords>>> = { en: new Map(), zh: new Map() }
let shown = preferredLanguage()

/** What was chosen before, else the browser's. */
function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey)
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.languages.find((one) => /^(?:zh|en)\b/.test(one))?.startsWith('zh') ? 'zh' : 'en'
}

export function shownLanguage(): Language {
  return shown
}

export async function loadWords(areas: readonly Area[]): Promise<void> {
  for (const area of areas) wanted.add(area)
  // Another language may have been chosen meanwhile.
  while (missing(shown).length > 0) await loadMissing(shown)
}

/** Kept for the next visit; shown once all that is on the page can be said in it. */
export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  while (missing(language).length > 0) await loadMissing(language)
  shown = language
}

/** A page or a part of one, with what it speaks beside the first areas. */
export function withWords<M>(areas: readonly Area[], load: () => Promise<M>): () => Promise<M> {
  return async () => {
    const [module] = await Promise.all([loadCode(load), loadWords(areas)])
    return module
  }
}

export function findWords(language: Language, area: string, name: string): string | undefined {
  return loaded[language].get(area as Area)?.[name]
}

function missing(language: Language): readonly Area[] {
  return [...wanted].filter((area) => !loaded[language].has(area))
}

async function loadMissing(language: Language): Promise<void> {
  await Promise.all(
    missing(language).map(async (area) => {
      const load = files[`./${language}/${fileOf(area)}.ts`]
      const words = load && (await loadCode(load))[area]
      if (!words) throw new Error(`there are no words of ${area}`)
      loaded[language].set(area, words)
    }),
  )
}

/** `cleanUp` lies in `clean-up.ts`. */
function fileOf(area: Area): string {
  return area.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
