import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compileRule,
  dayMs,
  type JudgedTag,
  openJudge,
  type RuleItem,
  type Surroundings,
  subjectOf,
  type Verdict,
} from './retention.ts'

const now = Date.parse('2026-06-01T00:00:00Z')

const newest = (count: number, more: Partial<RuleItem> = {}): RuleItem => ({
  keep: { kind: 'newest', count },
  withCharts: false,
  ...more,
})
const days = (n: number, more: Partial<RuleItem> = {}): RuleItem => ({
  keep: { kind: 'days', days: n },
  withCharts: false,
  ...more,
})
const matching = (pattern: string) => ({ pattern, excludes: false })
const except = (pattern: string) => ({ pattern, excludes: true })

/** `v3@2`: pushed two days ago; `chart:` a chart; `sig` a tag of a signature of something present, `old` of something gone. */
function tagOf(text: string): JudgedTag {
  const [named = '', ago = '0'] = text.split('@')
  const [kind, rest] = named.includes(':') ? named.split(':') : ['', named]
  return {
    id: named,
    name: rest ?? '',
    version: 1,
    pushedAt: now - Number(ago) * dayMs,
    isChart: kind === 'chart',
    ...(kind === 'sig' && { subject: 'present' as const }),
    ...(kind === 'old' && { subject: 'gone' as const }),
  }
}

function inWords(verdict: Verdict): string {
  if (verdict.fate === 'removed') return `-${verdict.reason}`
  return [verdict.reason, verdict.by, verdict.rank].filter((part) => part !== undefined).join(' ')
}

type Case = Partial<Surroundings> & { readonly items?: readonly RuleItem[] }

/** Each tag, from the newest on, with what becomes of it; undefined: no item covers the repository. */
function judged(tags: string, { items = [], ...around }: Case): string[] | undefined {
  const covering = compileRule(items).covering('app')
  if (!covering) return undefined
  const judge = openJudge({ covering, now, untaggedDays: undefined, ...around })
  return tags.split(' ').map((text) => inWords(judge.judge(tagOf(text))))
}

describe('a rule of retention', () => {
  const cases: readonly [string, Case, string, string[] | undefined][] = [
    ['has no say without items', {}, 'v1', undefined],
    [
      'keeps the newest',
      { items: [newest(2)] },
      'v3 v2@1 v1@2',
      ['newest 1 1', 'newest 1 2', '-no-item'],
    ],
    ['keeps all of a few', { items: [newest(2)] }, 'v1', ['newest 1 1']],
    [
      'keeps the last days, the very moment too',
      { items: [days(2)] },
      'v3@1 v2@2 v1@2.01',
      ['days 1', 'days 1', '-no-item'],
    ],
    [
      'leaves alone a repository that no item covers',
      { items: [newest(1, { repository: matching('web/**') })] },
      'v1 v2',
      undefined,
    ],
    [
      'covers the others',
      { items: [newest(1, { repository: except('web/**') })] },
      'v2 v1',
      ['newest 1 1', '-no-item'],
    ],
    [
      'removes what the filter of tags leaves out, once the repository is covered',
      { items: [newest(1, { tag: matching('v*') })] },
      'latest v2 v1',
      ['-no-item', 'newest 1 1', '-no-item'],
    ],
    [
      'counts only what the filter of tags lets in',
      { items: [newest(2, { tag: except('test*') })] },
      'test3 v2 test2 v1 v0',
      ['-no-item', 'newest 1 1', '-no-item', 'newest 1 2', '-no-item'],
    ],
    [
      'keeps what any item keeps',
      {
        items: [
          newest(1),
          newest(1, { tag: matching('release-*') }),
          days(1, { tag: matching('ci*') }),
        ],
      },
      'v2 ci2@1 release-2@2 ci1@3 release-1@4',
      ['newest 1 1', 'days 3', 'newest 2 1', '-no-item', '-no-item'],
    ],
    [
      'counts for each item, also what another keeps',
      { items: [newest(1), newest(2, { tag: matching('v*') })] },
      'v3 v2 v1',
      ['newest 1 1', 'newest 2 2', '-no-item'],
    ],
    [
      'asks only the items of the repository',
      {
        items: [
          newest(5, { repository: matching('web') }),
          newest(1, { repository: matching('a*') }),
        ],
      },
      'v2 v1',
      ['newest 2 1', '-no-item'],
    ],
    [
      'keeps what is immutable, and counts it',
      { items: [newest(1)], immutable: { number: 7, covers: (tag) => tag.startsWith('v') } },
      'v3 v2 x1',
      ['newest 1 1', 'immutable 7', '-no-item'],
    ],
    [
      'leaves charts out, and does not count them',
      { items: [newest(1)] },
      'chart:2 v2 chart:1 v1',
      ['chart', 'newest 1 1', 'chart', '-no-item'],
    ],
    [
      'takes charts where an item says so',
      { items: [newest(1, { withCharts: true })] },
      'chart:3 chart:2 chart:1',
      ['newest 1 1', '-no-item', '-no-item'],
    ],
    [
      'keeps no chart by an item that is not about charts, once another is',
      { items: [newest(9), newest(1, { withCharts: true, tag: matching('1.*') })] },
      'chart:2.0 chart:1.1 chart:1.0',
      ['-no-item', 'newest 2 1', '-no-item'],
    ],
    [
      'leaves signatures to what they are about',
      { items: [newest(1)], untaggedDays: 1 },
      'sig:s@9 v2 v1',
      ['signature', 'newest 1 1', '-no-item'],
    ],
    [
      'keeps those of something gone, as the namespace keeps what is untagged',
      { items: [newest(1)] },
      'old:s@9',
      ['signature'],
    ],
    [
      'removes those after the days of the namespace',
      { items: [newest(1)], untaggedDays: 2 },
      'old:a@1 old:b@2 old:c@3',
      ['signature', 'signature', '-orphan'],
    ],
    [
      'tells same digests apart: there are only tags',
      { items: [newest(1)] },
      'v1 same',
      ['newest 1 1', '-no-item'],
    ],
  ]
  for (const [what, around, tags, expected] of cases) {
    it(what, () => assert.deepEqual(judged(tags, around), expected))
  }

  it('names those that it keeps by their number', () => {
    const items = [newest(2), days(1), newest(1, { tag: matching('x*') })]
    const covering = compileRule(items).covering('app') ?? []
    const judge = openJudge({ covering, now, untaggedDays: undefined })
    for (const tag of ['x3', 'v2', 'v1']) judge.judge(tagOf(tag))
    assert.deepEqual(judge.keepers, [['x3', 'v2'], [], ['x3']])
  })
})

describe('a tag of a signature', () => {
  const hex = 'a'.repeat(64)
  const cases: readonly [string, string | undefined][] = [
    [`sha256-${hex}.sig`, `sha256:${hex}`],
    [`sha256-${hex}.att`, `sha256:${hex}`],
    [`sha256-${hex}`, `sha256:${hex}`],
    [`sha256-${hex}x`, undefined],
    ['sha256-abc.sig', undefined],
    ['v1', undefined],
  ]
  for (const [tag, digest] of cases) {
    it(`${tag.slice(0, 20)} is about ${digest?.slice(0, 12) ?? 'nothing'}`, () => {
      assert.equal(subjectOf(tag), digest)
    })
  }
})
