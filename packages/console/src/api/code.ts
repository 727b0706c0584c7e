// Scripts that are loaded when they are needed. While the server is away they wait for it, as all else does; those that
// are gone, because a newer build replaced them, are had by loading the page anew.

import { whenConnected } from './connection.ts'

/** The server answers, and has no such file. */
export class GoneCode extends Error {}

/** Throws GoneCode. `load` imports: a browser asks again for what it could not have before. */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  let isLastTry = false
  for (;;) {
    try {
      return await load()
    } catch (error) {
      const wasAway = await whenConnected()
      if (isLastTry && !wasAway) {
        throw new GoneCode(error instanceof Error ? error.message : String(error), { cause: error })
      }
      isLastTry = !wasAway
      forgetFailedStyles()
    }
  }
}

/** Otherwise what stands in the page is taken for loaded. */
function forgetFailedStyles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    if (link.sheet === null) link.remove()
  }
}

const reloadedKey = 'entrepot.reloaded'

/** Whether the page is loaded anew now: for the same want only once, else it would be for ever. */
export function reloadFor({ message }: GoneCode): boolean {
  if (sessionStorage.getItem(reloadedKey) === message) return false
  sessionStorage.setItem(reloadedKey, message)
  window.location.reload()
  return true
}
