import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { looksSecret, splitEnv } from './environment.ts'

describe('the environment of an image', () => {
  it('is cut at the first =', () => {
    assert.deepEqual(splitEnv('A=b=c'), { name: 'A', value: 'b=c' })
    assert.deepEqual(splitEnv('A'), { name: 'A', value: '' })
  })

  const cases: readonly [text: string, want: boolean][] = [
    ['DB_PASSWORD=hunter2', true],
    ['API_KEY=abc', true],
    ['GITHUB_TOKEN=ghp_x', true],
    ['PASSWORD_FILE=/run/secrets/x', false],
    ['TOKEN_FILE=/run/secrets/x', false],
    ['SECRET=', false],
    ['PATH=/usr/bin', false],
    ['TOKEN_TTL=3600', false],
  ]
  for (const [text, want] of cases) {
    it(text, () => assert.equal(looksSecret(splitEnv(text)), want))
  }
})
