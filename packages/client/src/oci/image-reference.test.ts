import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseImageReference, parseRepositoryReference } from './image-reference.ts'

const digest = `sha256:${'0'.repeat(64)}`

it('reads hosts, repositories, tags and digests', () => {
  const cases: [string, string, string, string][] = [
    ['r.example.com/team/app:v1', 'https://r.example.com', 'team/app', 'v1'],
    ['R.example.com:5000/app', 'https://r.example.com:5000', 'app', 'latest'],
    ['localhost:5000/team/app:v1', 'http://localhost:5000', 'team/app', 'v1'],
    ['127.0.0.1:5000/team/app:v1', 'http://127.0.0.1:5000', 'team/app', 'v1'],
    ['[::1]:5000/team/app:v1', 'http://[::1]:5000', 'team/app', 'v1'],
    ['http://r.example.com:5000/a/b:v1', 'http://r.example.com:5000', 'a/b', 'v1'],
    [`r.example.com/a/b@${digest}`, 'https://r.example.com', 'a/b', digest],
    [`r.example.com/a/b:v1@${digest}`, 'https://r.example.com', 'a/b', 'v1'],
    ['docker.io/nginx', 'https://registry-1.docker.io', 'library/nginx', 'latest'],
    ['docker.io/team/app:v1', 'https://registry-1.docker.io', 'team/app', 'v1'],
  ]
  for (const [text, origin, repository, reference] of cases) {
    const image = parseImageReference(text)
    assert.deepEqual(
      [image.origin, image.repository, image.reference],
      [origin, repository, reference],
    )
    assert.equal(image.digest, text.includes('@') ? digest : undefined, text)
  }
  const { origin, repository } = parseRepositoryReference('r.example.com:5000/team/app')
  assert.deepEqual([origin, repository], ['https://r.example.com:5000', 'team/app'])
})

it('refuses what names no registry, or nothing in it', () => {
  for (const text of [
    ...['', 'nginx', 'team/app:v1', 'r.example.com', 'r.example.com/', 'r.example.com/Team/app'],
    ...['r.example.com/app:', 'r.example.com/app:-v', 'r.example.com/app@sha256:1', 'ftp://r.io/a'],
    ...['user@r.example.com/app', 'r.example.com:port/app', 'r.example.com/a b'],
  ]) {
    assert.throws(() => parseImageReference(text), TypeError, text)
  }
  assert.throws(() => parseRepositoryReference('r.example.com/app:v1'), TypeError)
})
