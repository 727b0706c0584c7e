// What a person is given to copy: no password as an argument, and the names that he typed.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Client } from '../../patterns/commands.tsx'
import { type FirstPush, pushLines, sampleSource, targetOf } from './push-lines.ts'

const clients: readonly Client[] = ['docker', 'podman', 'nerdctl', 'skopeo', 'crane', 'helm']
const push: Omit<FirstPush, 'client' | 'source'> = {
  address: { host: 'team.example.com', isPlain: false },
  user: '100000000001',
  password: 's3cret',
  namespace: 'demo',
}

describe('the lines of a first push', () => {
  for (const client of clients) {
    it(`of ${client} pipe the password, and end with the push`, () => {
      const [login = '', ...rest] = pushLines({ ...push, client, source: sampleSource(client) })
      assert.match(login, /^printf %s 's3cret' \| .* --password-stdin$/)
      assert.ok(rest.length > 0 && rest.every((line) => !line.includes('s3cret')))
      assert.match(rest.at(-1) ?? '', /team\.example\.com\/demo/)
    })

    it(`of ${client} let the client ask where no password was made`, () => {
      const [login = ''] = pushLines({
        ...push,
        password: undefined,
        client,
        source: sampleSource(client),
      })
      assert.match(login, /100000000001/)
      assert.doesNotMatch(login, /s3cret/)
    })
  }

  it('quote what a shell would take apart', () => {
    const lines = pushLines({ ...push, client: 'docker', source: 'a b; rm -rf /' })
    assert.equal(lines[1], "docker tag 'a b; rm -rf /' team.example.com/demo/hello:v1")
  })
})

describe('where an image goes', () => {
  const cases: readonly [source: string, target: string][] = [
    ['nginx', 'demo/nginx:v1'],
    ['docker.io/library/nginx:1.27', 'demo/nginx:v1'],
    ['app@sha256:0123', 'demo/app:v1'],
    ['Not A Name', 'demo/hello:v1'],
    ['', 'demo/hello:v1'],
  ]
  for (const [source, target] of cases) {
    it(`"${source}" to ${target}`, () => {
      assert.equal(targetOf({ namespace: 'demo', source }), target)
    })
  }
})
