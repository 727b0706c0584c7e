// What a person prefers on this browser: light or dark, and where he was last.

export type Theme = 'light' | 'dark' | 'system'

const themeKey = 'entrepot.theme'
const instanceKey = 'entrepot.instance'
const recentKey = 'entrepot.recent'
const maxRecent = 5

export function keptTheme(): Theme {
  const kept = localStorage.getItem(themeKey)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme)
  applyTheme(theme)
}

const darkQuery = '(prefers-color-scheme: dark)'

export function applyTheme(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'system' && matchMedia(darkQuery).matches)
  document.documentElement.setAttribute('theme-mode', isDark ? 'dark' : 'light')
}

export function followSystemTheme(): void {
  matchMedia(darkQuery).addEventListener('change', () => applyTheme(keptTheme()))
}

/** The instance that pages without one in their address start from. */
export function lastInstance(): string | undefined {
  return localStorage.getItem(instanceKey) ?? undefined
}

export function recentInstances(): readonly string[] {
  return (localStorage.getItem(recentKey) ?? '').split(' ').filter((id) => id !== '')
}

export function rememberInstance(id: string): void {
  localStorage.setItem(instanceKey, id)
  const recent = [id, ...recentInstances().filter((one) => one !== id)].slice(0, maxRecent)
  localStorage.setItem(recentKey, recent.join(' '))
}

const keysKey = 'entrepot.keys'

/** Keys without Ctrl, which those who speak to their browser may turn off. */
export function usesSingleKeys(): boolean {
  return localStorage.getItem(keysKey) !== 'off'
}

export function keepSingleKeys(isOn: boolean): void {
  localStorage.setItem(keysKey, isOn ? 'on' : 'off')
}
