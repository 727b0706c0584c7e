import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  parseHandMadeName,
  parseNamespaceName,
  parseReference,
  parseRepositoryPath,
  parseTag,
} from './reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('parseRepositoryPath', () => {
  const accepted = {
    'demo/nginx': ['demo', 'nginx'],
    'team/front/nginx': ['team', 'front/nginx'],
    nginx: [undefined, 'nginx'],
    'a/b': ['a', 'b'],
    'demo/a__b': ['demo', 'a__b'],
    'demo/a--b': ['demo', 'a--b'],
    'demo/a---b.c_d': ['demo', 'a---b.c_d'],
    '0/1/2/3': ['0', '1/2/3'],
    'demo/blobs/uploads': ['demo', 'blobs/uploads'],
    [`d/${'x'.repeat(253)}`]: ['d', 'x'.repeat(253)],
  }
  for (const [text, [namespace, name]] of Object.entries(accepted)) {
    it(`accepts ${text.slice(0, 30)}`, () => {
      assert.deepEqual(parseRepositoryPath(text), { path: text, namespace, name })
    })
  }
  const refused = [
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    'A/b',
    'a/B',
    'a/.b',
    'a/b.',
    'a/b_',
    'a/-b',
    'a/b-',
  ]
  refused.push(
    'a/b..c',
    'a/b___c',
    'a/b._c',
    'a/b-_c',
    'a/ü',
    'a/b c',
    'a/b\n',
    'a/../b',
    '_catalog',
  )
  refused.push('a/b%2Fc', `d/${'x'.repeat(254)}`)
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(parseRepositoryPath(text), undefined)
    })
  }
})

describe('parseTag', () => {
  const accepted = ['latest', '1.10', '_', 'A', 'a-b.c_d', 'v1.0.0_build.5', 'x'.repeat(128)]
  for (const text of accepted) {
    it(`accepts ${text.slice(0, 30)}`, () => assert.equal(parseTag(text), text))
  }
  for (const text of ['', '.a', '-a', 'a b', 'a+b', 'a/b', 'a:b', 'ä', 'a\n', 'x'.repeat(129)]) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(parseTag(text), undefined)
    })
  }
})

describe('parseReference', () => {
  it('tells tags from digests', () => {
    assert.deepEqual(parseReference('latest'), { kind: 'tag', tag: 'latest' })
    assert.deepEqual(parseReference(digest), { kind: 'digest', digest })
    assert.deepEqual(parseReference('sha256-abc.sig'), { kind: 'tag', tag: 'sha256-abc.sig' })
  })
  it('takes no half of either', () => {
    for (const text of ['', 'sha256:abc', 'a:b', `${digest}0`]) {
      assert.equal(parseReference(text), undefined)
    }
  })
})

describe('names made by hand', () => {
  it('holds namespaces to 2–30 characters and single separators', () => {
    const accepted = ['ab', 'a.b', 'a-b_c.d', '00', 'x'.repeat(30)]
    for (const text of accepted) assert.equal(parseNamespaceName(text), text)
    const refused = [
      '',
      'a',
      'x'.repeat(31),
      'a--b',
      'a__b',
      'a._b',
      '-ab',
      'ab-',
      'Ab',
      'a/b',
      'ab\n',
    ]
    for (const text of refused) assert.equal(parseNamespaceName(text), undefined, text)
  })
  it('holds repositories to 2–200 characters and single separators', () => {
    const accepted = ['ab', 'a/b', 'team/front/nginx', 'a.b/c_d/e-f', 'x'.repeat(200)]
    for (const text of accepted) assert.equal(parseHandMadeName(text), text)
    const refused = ['', 'a', 'x'.repeat(201), 'a--b', 'a/b__c', '/ab', 'ab/', 'a//b', 'Ab', 'ab\n']
    for (const text of refused) assert.equal(parseHandMadeName(text), undefined, text)
  })
})
