// Whose signature it is: by a key that is known, that has expired, that was revoked, or by none.

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { readSignature } from './signature.ts'
import { readSigningKey } from './signing-keys.ts'
import { packChart } from './test-charts.ts'
import {
  armoredTogether,
  makeSigner,
  revoked,
  type Signer,
  signedProvenanceOf,
  signText,
} from './test-keys.ts'

const start = Date.UTC(2026, 0, 1)
const day = 86_400_000
const later = start + day

describe('a signature', () => {
  let signer: Signer
  let chart: Buffer
  let provenance: string
  before(async () => {
    signer = await makeSigner(new Date(start))
    chart = await packChart()
    provenance = await signedProvenanceOf(chart, signer, new Date(later))
  })

  const stateOf = async (text: string, armoredKeys: readonly string[], at = later) => {
    const keys = []
    for (const armored of armoredKeys) keys.push(await readSigningKey(armored, at))
    return readSignature(Buffer.from(text), keys, at)
  }

  it('is verified by the key of who made it, among others', async () => {
    const other = await makeSigner(new Date(start))
    const { state, key, signedAt } = await stateOf(provenance, [other.armored, signer.armored])
    assert.deepEqual(
      [state, key?.fingerprint, key?.userIds, signedAt],
      ['verified', signer.fingerprint, ['Ana <ana@example.org>'], later],
    )
    const crlf = await stateOf(provenance.replaceAll(/\r?\n/g, '\r\n'), [signer.armored])
    assert.equal(crlf.state, 'verified')
  })

  it('of a subkey is verified by its key', async () => {
    const split = await makeSigner(new Date(start), { signsWith: 'subkey' })
    const text = await signedProvenanceOf(chart, split, new Date(later))
    const { state, keyId, key } = await stateOf(text, [split.armored])
    assert.deepEqual([state, key?.fingerprint], ['verified', split.fingerprint])
    assert.notEqual(keyId, split.key.getKeyID().toHex())
  })

  it('of a key that is not known names it', async () => {
    const { state, keyId, key } = await stateOf(provenance, [])
    assert.deepEqual([state, keyId, key], ['unknown-key', signer.key.getKeyID().toHex(), null])
  })

  it('is invalid where the text is another', async () => {
    const changed = provenance.replace('name: web', 'name: wed')
    assert.equal((await stateOf(changed, [signer.armored])).state, 'invalid')
  })

  it('is invalid where the armor holds none', async () => {
    const [head = ''] = provenance.split('-----BEGIN PGP SIGNATURE')
    const empty = `${head}-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n`
    assert.equal((await stateOf(empty, [signer.armored])).state, 'invalid')
  })

  it('is invalid where more stands beside it', async () => {
    const second = provenance.replace('name: web', 'name: wed')
    assert.equal((await stateOf(provenance + second, [signer.armored])).state, 'invalid')
    const comment = provenance.replace('Hash:', 'Comment: name\nHash:')
    assert.equal((await stateOf(comment, [signer.armored])).state, 'invalid')
  })

  it('counts no more when its key has expired', async () => {
    const brief = await makeSigner(new Date(start), { lifeSeconds: 2 * (day / 1000) })
    const text = await signedProvenanceOf(chart, brief, new Date(later))
    const at = (ms: number) => stateOf(text, [brief.armored], ms)
    assert.equal((await at(start + 2 * day - 1000)).state, 'verified')
    assert.equal((await at(start + 2 * day)).state, 'expired-key')
    const changed = text.replace('name: web', 'name: wed')
    assert.equal((await stateOf(changed, [brief.armored], later)).state, 'invalid')
  })

  it('counts no more when its key was revoked, whenever it was made', async () => {
    const gone = await revoked(signer, new Date(later + day))
    assert.equal((await stateOf(provenance, [gone], later + 2 * day)).state, 'revoked-key')
  })

  it('is good where one of several is', async () => {
    const other = await makeSigner(new Date(start))
    const body = provenance.slice(
      provenance.indexOf('\n\n') + 2,
      provenance.indexOf('\n-----BEGIN PGP SIG'),
    )
    const text = await signText(body, [other.key, signer.key], new Date(later))
    assert.equal((await stateOf(text, [signer.armored])).state, 'verified')
    const many = await signText(body, Array(9).fill(signer.key), new Date(later))
    assert.equal((await stateOf(many, [signer.armored])).state, 'invalid', 'too many to look at')
  })
})

describe('a signing key', () => {
  it('is taken as gpg exports it, and nothing else is', async () => {
    const { key, armored, fingerprint } = await makeSigner(new Date(start))
    const read = await readSigningKey(armored, later)
    assert.deepEqual([read.fingerprint, read.keyIds.length], [fingerprint, 1])
    const other = await makeSigner(new Date(start))
    const refusals: readonly (readonly [string, RegExp])[] = [
      ['', /no armoured public key/],
      [armored.slice(0, 200), /no armoured public key/],
      ['x'.repeat(64 * 1024 + 1), /longer than/],
      [key.armor(), /private key/],
      [`${armored}${other.armored}`, /several keys/],
      [armoredTogether(key, other.key), /several keys/],
    ]
    for (const [text, words] of refusals) {
      await assert.rejects(readSigningKey(text, later), words)
    }
  })
})
