// Rules of the sources that neither the compiler nor the linter holds. An exception is listed with its reason.

import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { describe, it } from 'node:test'
import { listSourceFiles } from './source-files.ts'

interface Rule {
  readonly what: string
  readonly pattern: RegExp
  /** Files, or folders with a `/` at the end, where it is allowed, and why. */
  readonly allowed: Readonly<Record<string, string>>
}

const server = 'packages/server/src/'

const rules: readonly Rule[] = [
  {
    what: 'the environment is read in one place',
    pattern: /\bprocess\.env\b/,
    allowed: {
      [`${server}config.ts`]: 'this is the place',
      'packages/cli/src/terminal.ts': 'the place of the command line',
    },
  },
  {
    // An interval that does nothing only keeps the process alive.
    what: 'time comes from the clock',
    pattern:
      /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|(?<![.\w])set(?:Timeout\(|Interval\((?!\(\) => \{\}))|'node:timers/,
    allowed: {
      'packages/console/': 'runs in a browser, where pages wait for people',
      [`${server}clock.ts`]: 'this is the clock',
      'packages/client/src/clock.ts': "this is the clients' clock",
      [`${server}db/`]: 'the clock asks the database, so the database can not ask the clock',
      [`${server}events/delivery.ts`]:
        '`idle()` waits for a transaction of PostgreSQL, which a fake clock would not hurry',
      [`${server}log.ts`]: 'a line is stamped with the wall time, also when a test has another',
    },
  },
  {
    what: 'the console belongs to programs that a person starts',
    pattern: /\bconsole\.\w+\(/,
    allowed: {
      [`${server}main.ts`]: 'prints what an operator asked for',
      [`${server}commands/`]: 'print what an operator asked for',
      'packages/cli/': 'prints what a person asked for',
    },
  },
]

const maxLines = 600
const forbiddenNames =
  /^(?:utils?|helpers?|common|misc|shared|services?|models?|types|interfaces|constants|index)$/
const kebabCase = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/
const forbiddenSuffix =
  /^(?:export )?(?:abstract )?(?:class|interface|type|function|const) \w+(?:Manager|Helper|Utils?|Impl|Info)\b/m

const files = listSourceFiles()
const sources = files.filter((file) => !file.isTest)

describe('sources', () => {
  for (const { what, pattern, allowed } of rules) {
    it(`hold that ${what}`, () => {
      const isAllowed = (path: string) =>
        Object.keys(allowed).some((place) => path === place || path.startsWith(withSlash(place)))
      const wrong = sources
        .filter((file) => !isAllowed(file.path) && pattern.test(withoutComments(file.text)))
        .map((file) => file.path)
      assert.deepEqual(wrong, [])
    })
  }

  it(`have at most ${maxLines} lines`, () => {
    const isMade = (text: string) => text.startsWith('// Made by ')
    const long = files.filter(
      (file) => !isMade(file.text) && file.text.split('\n').length > maxLines + 1,
    )
    assert.deepEqual(
      long.map((file) => file.path),
      [],
    )
  })

  it('have names that say what they know', () => {
    const wrong = files.filter((file) => {
      const parts = file.path.split('/')
      const stems = [...parts.slice(0, -1), basename(file.path).replace(/(?:\.test)?\.\w+$/, '')]
      return stems.some((stem) => forbiddenNames.test(stem) || !kebabCase.test(stem))
    })
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    )
  })

  it('name nothing Manager, Helper, Util, Impl or Info', () => {
    // A declaration of the API has its name on the wire, which is Tencent's: `DescribeSkillDownloadInfo`.
    const isWire = (path: string) => /^packages\/contract\/src\/[a-z]+\//.test(path)
    const wrong = files.filter((file) => !isWire(file.path) && forbiddenSuffix.test(file.text))
    assert.deepEqual(
      wrong.map((file) => file.path),
      [],
    )
  })
})

/** A folder as a prefix; a file as one that nothing begins with. */
function withSlash(place: string): string {
  return place.endsWith('/') ? place : `${place}/`
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}
