import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { fileName, type Setting, settings } from './table.ts'

const documentPath = new URL('../../../../docs/settings.md', import.meta.url)

function row({ name, kind, shownDefault, description }: Setting<unknown>): string {
  const label = kind.secret ? `${kind.label}; also \`${name}_FILE\`` : kind.label
  return `| \`${name}\` | \`${fileName(name)}\` | ${label} | ${shownDefault} | ${description} |`
}

test('docs/settings.md has exactly one row for each setting, as the table has it', () => {
  const all: readonly Setting<unknown>[] = Object.values(settings)
  const document = readFileSync(documentPath, 'utf8')
  const rows = document.split('\n').filter((line) => line.startsWith('| `ENTREPOT_'))
  assert.deepEqual(rows, all.map(row))
})

test('every default is valid, and every name appears once', () => {
  const all: readonly Setting<unknown>[] = Object.values(settings)
  for (const { name, kind, fallback } of all) {
    if (fallback !== undefined) assert.ok(kind.schema.safeParse(fallback).success, name)
  }
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length)
})
