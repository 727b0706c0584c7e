import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parsePolicy, parseTrustPolicy } from './document.ts'
import { findPreset, maxPresetId, presets } from './presets.ts'

const pages = ['access.md', 'access.zh.md'].map((name) =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8'),
)
const examplesOf = (page: string) =>
  [...page.matchAll(/```json\n([^`]+)```/g)]
    .map((match) => match[1] ?? '')
    // Beside requests, whose names for people are in the language of the page.
    .filter((text) => text.includes('"statement"'))

describe('the documents about policies', () => {
  it('have the same examples in both languages, all of them policies', () => {
    const [english = [], chinese] = pages.map(examplesOf)
    assert.ok(english.length > 3)
    assert.deepEqual(chinese, english)
    for (const text of english) {
      if (text.includes('"principal"')) parseTrustPolicy(text)
      else parsePolicy(text)
    }
  })

  it('name presets that exist', () => {
    for (const page of pages) {
      const names = [...page.matchAll(/`(\w+Access)`/g)].map((match) => match[1] ?? '')
      const known = names.filter((name) => name !== 'FullAccess' && name !== 'ReadOnlyAccess')
      assert.ok(known.length > 3)
      for (const name of known) assert.ok(findPreset(name), name)
    }
  })
})

describe('presets', () => {
  it('are policies with a number and a name of their own', () => {
    for (const preset of presets) {
      assert.ok(parsePolicy(preset.document).length > 0)
      assert.ok(preset.id > 0 && preset.id <= maxPresetId)
      assert.equal(findPreset(preset.id), preset)
      assert.equal(findPreset(preset.name), preset)
    }
    assert.equal(new Set(presets.map(({ id }) => id)).size, presets.length)
  })
})
