// Where the built console and the manual lie, beside the sources.

import { fileURLToPath } from 'node:url'

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
}

export const consoleFolder = fromRoot('packages/console/dist')
export const docsFolder = fromRoot('docs')
