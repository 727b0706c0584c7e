import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deleteImage, describeRepositories, pullRepository, pushRepository } from './actions.ts'
import {
  formatScope,
  maxScopeLength,
  maxScopes,
  parseScope,
  parseScopes,
  scopesAllow,
} from './scopes.ts'

describe('a scope', () => {
  const cases: [text: string, canonical: string | undefined][] = [
    ['repository:demo/nginx:pull', 'repository:demo/nginx:pull'],
    ['repository:demo/nginx:pull,push', 'repository:demo/nginx:pull,push'],
    ['repository:demo/a/b/c:*', 'repository:demo/a/b/c:*'],
    ['repository:demo/nginx:pull,pull', 'repository:demo/nginx:pull'],
    // The class is deprecated and ignored.
    ['repository(plugin):demo/nginx:pull', 'repository:demo/nginx:pull'],
    ['repository():demo/nginx:pull', 'repository:demo/nginx:pull'],
    // A name may carry a host with a port.
    ['repository:localhost:5000/demo/nginx:pull', 'repository:localhost:5000/demo/nginx:pull'],
    ['repository:[::1]:5000/demo/nginx:pull', 'repository:[::1]:5000/demo/nginx:pull'],
    ['registry:catalog:*', 'registry:catalog:*'],
    ['repository:demo/nginx:', undefined],
    ['repository:demo/nginx', undefined],
    ['repository::pull', undefined],
    [':demo/nginx:pull', undefined],
    ['repository', undefined],
    ['', undefined],
    ['artifact:demo/nginx:pull', undefined],
    ['repository:demo/nginx:PULL', undefined],
    [`repository:${'a'.repeat(maxScopeLength)}:pull`, undefined],
  ]
  for (const [text, canonical] of cases) {
    it(`${JSON.stringify(text.slice(0, 60))} is ${canonical ?? 'none'}`, () => {
      const scope = parseScope(text)
      assert.equal(scope && formatScope(scope), canonical)
    })
  }
})

describe('scope parameters', () => {
  it('may be several, and each several separated by spaces', () => {
    const scopes = parseScopes(['repository:a/b:pull repository:c/d:push', 'registry:catalog:*'])
    assert.deepEqual(scopes.map(formatScope), [
      'repository:a/b:pull',
      'repository:c/d:push',
      'registry:catalog:*',
    ])
  })

  it('are joined where they name one resource', () => {
    const scopes = parseScopes(['repository:a/b:pull', 'repository:a/b:push,pull'])
    assert.deepEqual(scopes.map(formatScope), ['repository:a/b:pull,push'])
  })

  it('may be forty, and are cut where nobody honest has so many', () => {
    const asked = (count: number) =>
      Array.from({ length: count }, (_, index) => `repository:demo/n${index}:pull`)
    assert.equal(parseScopes(asked(40)).length, 40)
    assert.equal(parseScopes([asked(40).join(' ')]).length, 40)
    assert.equal(parseScopes(asked(maxScopes)).length, maxScopes)
    assert.equal(parseScopes(asked(maxScopes + 1)).length, maxScopes)
  })

  it('drop what is malformed and keep the rest', () => {
    assert.deepEqual(parseScopes(['', ' ', 'nonsense', 'repository:a/b:pull']).map(formatScope), [
      'repository:a/b:pull',
    ])
  })
})

describe('the upper bound', () => {
  const scopes = parseScopes([
    'repository:demo/a:pull',
    'repository:demo/b:*',
    'registry:catalog:*',
  ])

  it('covers what is named, and nothing beside it', () => {
    assert.equal(scopesAllow(scopes, pullRepository, 'demo/a'), true)
    assert.equal(scopesAllow(scopes, pushRepository, 'demo/a'), false)
    assert.equal(scopesAllow(scopes, pullRepository, 'demo/a/b'), false)
    assert.equal(scopesAllow(scopes, pullRepository, 'demo'), false)
    assert.equal(scopesAllow(scopes, deleteImage, 'demo/b'), true)
    assert.equal(scopesAllow(scopes, pushRepository, 'demo/b'), true)
    assert.equal(scopesAllow(scopes, describeRepositories, undefined), true)
    assert.equal(scopesAllow(scopes.slice(0, 2), describeRepositories, undefined), false)
  })

  it('is nothing for a token without scopes, and no bound without a token', () => {
    assert.equal(scopesAllow([], pullRepository, 'demo/a'), false)
    assert.equal(scopesAllow(undefined, pullRepository, 'demo/a'), true)
  })
})
