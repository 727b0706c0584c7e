// Writes docs/api anew: `node packages/contract/docs/generate.ts`. A test compares.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { actions } from '../src/catalog.ts'
import { documents, documentsFolder } from '../src/docs/documents.ts'

const folder = fileURLToPath(new URL(`../../../${documentsFolder}`, import.meta.url))
const files = documents(actions)

mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) {
  if (!files.has(name)) rmSync(join(folder, name))
}
for (const [name, text] of files) writeFileSync(join(folder, name), text)
