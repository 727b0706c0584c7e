import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { run, runRefused } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('cosign', ['cosign', 'crane'], (target) => {
  const image = (name: string) => makeImage({ seed: `cosign/${name}`, layerBytes: 50_000 })
  const repository = () => `${target().host}/demo/cosign`
  const path = (name: string) => join(target().scratch, name)
  const environment = () => ({
    DOCKER_CONFIG: path('docker'),
    HOME: target().scratch,
    COSIGN_PASSWORD: '',
    COSIGN_EXPERIMENTAL: '1',
    SSL_CERT_FILE: target().tls?.ca,
  })
  const cosign = async (command: readonly string[], ...args: string[]) => {
    const plain = target().tls ? [] : ['--allow-insecure-registry', '--allow-http-registry']
    const all = [...command, ...args, ...plain]
    return (await run('cosign', all, { env: environment(), cwd: target().scratch })).stdout
  }
  const push = async (name: string) => {
    const { manifest } = writeImage(name)
    await run('crane', ['push', path(name), `${repository()}:${name}`, ...insecure()], {
      env: environment(),
    })
    return `${repository()}@${manifest.digest}`
  }
  const insecure = () => (target().tls ? [] : ['--insecure'])
  const writeImage = (name: string) => {
    writeLayout(path(name), 'v1', [image(name)])
    return image(name)
  }
  const key = ['--key', 'cosign.key', '--tlog-upload=false', '--yes']
  const check = ['--key', 'cosign.pub', '--insecure-ignore-tlog']

  before(async () => {
    const { host, username, password } = target()
    await run('crane', ['auth', 'login', host, '-u', username, '-p', password], {
      env: environment(),
    })
    await run('cosign', ['generate-key-pair'], { env: environment(), cwd: target().scratch })
  })

  test('signs twice and verifies, with signatures under a tag', async () => {
    const reference = await push('tagged')
    await runRefused('cosign', ['verify', ...check, reference, ...insecureVerify()], {
      env: environment(),
      cwd: target().scratch,
    })
    await cosign(['sign', ...key], reference)
    await cosign(['sign', ...key, '-a', 'stage=two'], reference)
    assert.equal(JSON.parse(await cosign(['verify', ...check], reference)).length, 2)
    const tags = await run('crane', ['ls', repository(), ...insecure()], { env: environment() })
    assert.match(tags.stdout, /^sha256-[0-9a-f]{64}\.sig$/m)
  })

  test('signs and verifies, with the signature as a referrer', async () => {
    const reference = await push('referred')
    await cosign(['sign', ...key, '--registry-referrers-mode=oci-1-1'], reference)
    const verified = await cosign(['verify', ...check, '--experimental-oci11'], reference)
    assert.equal(JSON.parse(verified).length, 1)
    const tree = await cosign(['tree', '--experimental-oci11'], reference)
    assert.match(tree, /application\/vnd\.dev\.cosign\.artifact\.sig\.v1\+json/)
  })

  test('attests, and verifies the attestation', async () => {
    const reference = await push('attested')
    writeFileSync(path('predicate.json'), '{"tested":true}')
    await cosign(['attest', ...key, '--predicate', 'predicate.json', '--type', 'custom'], reference)
    await cosign(['verify-attestation', ...check, '--type', 'custom'], reference)
  })

  test('attaches a file to an image and shows the tree', async () => {
    const reference = await push('attached')
    writeFileSync(path('bom.json'), '{"bomFormat":"CycloneDX"}')
    await cosign(['attach', 'sbom', '--sbom', 'bom.json', '--type', 'cyclonedx'], reference)
    await cosign(['sign', ...key], reference)
    const tree = await cosign(['tree'], reference)
    assert.match(tree, /Signatures/)
    assert.match(tree, /SBOMs/)
    assert.match(await cosign(['download', 'sbom'], reference), /CycloneDX/)
  })

  test('copies an image with its signatures', async () => {
    const reference = await push('copied')
    await cosign(['sign', ...key], reference)
    await cosign(['copy'], reference, `${repository()}/copy:v1`)
    await cosign(['verify', ...check], `${repository()}/copy:v1`)
  })

  const insecureVerify = () =>
    target().tls ? [] : ['--allow-insecure-registry', '--allow-http-registry']
})
