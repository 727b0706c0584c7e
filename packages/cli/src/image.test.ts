// `entrepot image` between two registries of the program.

import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ownerOf } from '@entrepot/server/registry/test-client.ts'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { runWith, temporaryHome } from './test-terminal.ts'

describe('images', () => {
  let here: TestApp
  let there: TestApp
  let home: ReturnType<typeof temporaryHome>
  let source: string
  let target: string
  let digest: string

  before(async () => {
    here = await testApp({ realTime: true })
    there = await testApp({ realTime: true })
    home = temporaryHome()
    source = `${hostOf(here)}/${here.namespace}/app`
    target = `${hostOf(there)}/${there.namespace}/app`
    const pushed = await ownerOf(here).pushImage(`${here.namespace}/app`, 'v1')
    digest = pushed.digest
    const docker = join(home.path, '.docker')
    mkdirSync(docker)
    const auth = Buffer.from(`${there.username}:${there.password}`).toString('base64')
    const config = { auths: { [hostOf(there)]: { auth } } }
    writeFileSync(join(docker, 'config.json'), JSON.stringify(config))
  })
  after(async () => {
    home.remove()
    await there.close()
    await here.close()
  })

  const hostOf = ({ url }: TestApp) => url.replace('http://', '')
  const env = () => ({
    ENTREPOT_ENDPOINT: here.url,
    ENTREPOT_SECRET_ID: mainKey.secretId,
    ENTREPOT_SECRET_KEY: mainKey.secretKey,
  })
  const entrepot = (...argv: string[]) => runWith({ env: env(), home: home.path }, ...argv)

  it('need a login where they are private', async () => {
    const ran = await entrepot('image', 'copy', `${source}:v1`, `${target}:v1`)
    assert.equal(ran.code, 3)
    assert.match(ran.err, /^entrepot: UNAUTHORIZED: /)
  })

  it('are copied, by the logins of our helper and of Docker’s file', async () => {
    await entrepot('login', 'docker', hostOf(here), '--registry-id', here.instance.id)
    const ran = await entrepot('image', 'copy', `${source}:v1@${digest}`, `${target}:copied`)
    assert.deepEqual([ran.code, ran.err], [0, ''])
    const reply = JSON.parse(ran.out)
    assert.deepEqual([reply.Digest, reply.Manifests, reply.BlobsPushed], [digest, 1, 2])
    const tags = await entrepot('image', 'ls-tags', target, '--query', 'Tags', '--output', 'text')
    assert.deepEqual([tags.code, tags.out], [0, 'copied\n'])
  })

  it('say each blob on a terminal', async () => {
    const words = ['image', 'copy', `${source}:v1`, `${target}:again`, '--no-color']
    const ran = await runWith({ env: env(), home: home.path, isTerminal: true }, ...words)
    assert.match(ran.err, /^sha256:\w{64} is there already$/m)
    assert.match(ran.out, /BlobsPresent +2/)
  })

  it('are looked for with a credential helper', {
    skip: process.platform === 'win32',
  }, async () => {
    const other = temporaryHome()
    const bin = join(other.path, 'bin')
    mkdirSync(bin)
    mkdirSync(join(other.path, '.docker'))
    const answer = JSON.stringify({ Username: there.username, Secret: there.password })
    const helper = join(bin, 'docker-credential-test')
    writeFileSync(helper, `#!/bin/sh\n[ "$1" = get ] && echo '${answer}'\n`)
    chmodSync(helper, 0o755)
    const config = { credHelpers: { [hostOf(there)]: 'test' } }
    writeFileSync(join(other.path, '.docker', 'config.json'), JSON.stringify(config))
    const options = { env: { PATH: `${bin}:/bin:/usr/bin` }, home: other.path }
    const PATH = process.env.PATH
    const ran = await runWith(options, 'image', 'ls-tags', target)
    assert.equal(process.env.PATH, PATH)
    assert.deepEqual([ran.code, JSON.parse(ran.out)], [0, { Tags: ['again', 'copied'] }])
    other.remove()
  })

  it('are refused where they are not there, or the words are wrong', async () => {
    for (const [code, ...words] of [
      [5, 'copy', `${source}:none`, `${target}:none`],
      [2, 'copy', 'app:v1', `${target}:none`],
      [2, 'copy', `${source}:v1`],
      [2, 'ls-tags', `${target}:v1`],
      [2, 'ls-tags', target, '--flag'],
      [2, 'remove', target],
    ] as const) {
      assert.equal((await entrepot('image', ...words)).code, code, words.join(' '))
    }
  })
})
