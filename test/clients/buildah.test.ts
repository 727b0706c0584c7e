import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { randomBytes } from '../images/image.ts'
import { run } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('buildah', ['buildah'], (target) => {
  const repository = () => `${target().host}/demo/buildah`
  const path = (name: string) => join(target().scratch, name)
  const access = () => {
    const { tls } = target()
    const trust = tls ? ['--cert-dir', tls.certFolder] : ['--tls-verify=false']
    return ['--authfile', path('auth.json'), ...trust]
  }
  const buildah = async (...args: string[]) => {
    const storage = ['--root', path('graph'), '--runroot', path('run'), '--storage-driver', 'vfs']
    return (await run('buildah', [...storage, ...args])).stdout.trim()
  }

  before(async () => {
    const { host, username, password } = target()
    writeFileSync(path('data'), randomBytes('buildah', 3_000_000))
    writeFileSync(path('Containerfile'), 'FROM scratch\nCOPY data /one\nCOPY Containerfile /two\n')
    await buildah('login', '-u', username, '-p', password, ...access(), host)
  })

  after(() => buildah('rmi', '--all', '--force'))

  for (const format of ['oci', 'docker']) {
    test(`builds, pushes and pulls an image in the ${format} format`, async () => {
      const name = `${repository()}:${format}`
      await buildah('build', '--layers', '--format', format, '-t', name, target().scratch)
      await buildah('push', '--digestfile', path(`digest-${format}`), ...access(), name)
      const id = await buildah('images', '--quiet', '--no-trunc', name)
      await buildah('rmi', '--all', '--force')
      await buildah('pull', ...access(), name)
      assert.equal(await buildah('images', '--quiet', '--no-trunc', name), id)
    })
  }

  test('builds on a pushed image and pushes only the new layer', async () => {
    const container = await buildah('from', ...access(), `${repository()}:oci`)
    await buildah('config', '--label', 'later=yes', container)
    await buildah('copy', container, path('Containerfile'), '/three')
    await buildah('commit', '--rm', container, `${repository()}:later`)
    await buildah('push', ...access(), `${repository()}:later`)
    const inspected = JSON.parse(await buildah('inspect', `${repository()}:later`))
    assert.equal(inspected.OCIv1.rootfs.diff_ids.length, 3)
  })

  test('pushes a manifest list of two platforms', async () => {
    await buildah('manifest', 'create', 'list')
    for (const arch of ['amd64', 'arm64']) {
      await buildah('build', '--arch', arch, '--manifest', 'list', target().scratch)
    }
    await buildah('manifest', 'push', '--all', ...access(), 'list', `docker://${repository()}:list`)
    await buildah('pull', '--arch', 'arm64', ...access(), `${repository()}:list`)
  })
})
