import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { StartError } from '../start-error.ts'
import { makeMasterKeyFile, readMasterKeyFile } from './master-key.ts'
import { openVault } from './vault.ts'

const clock = fakeClock()
const secret = Buffer.from('what must be read back')

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-vault-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

function given(key: Uint8Array, previous?: Uint8Array) {
  return { kind: 'given' as const, key, previous }
}

describe('master.key', () => {
  it('is made once, for its owner only, and stays the same', async (t) => {
    const folder = await temporaryFolder(t)
    const path = join(folder, 'data', 'master.key')
    assert.equal(await readMasterKeyFile(path), undefined)
    const keys = await Promise.all([1, 2, 3].map(() => makeMasterKeyFile(path)))
    const kept = await readMasterKeyFile(path)
    for (const key of keys) assert.deepEqual(key, kept)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(join(folder, 'data')), ['master.key'])
  })

  it('is refused when it holds something else, which stays unsaid', async (t) => {
    const path = join(await temporaryFolder(t), 'master.key')
    await writeFile(path, 'c2VjcmV0')
    await assert.rejects(readMasterKeyFile(path), (error: unknown) => {
      assert.ok(error instanceof StartError)
      assert.match(error.message, /must hold 32 bytes/)
      assert.doesNotMatch(error.message, /c2VjcmV0/)
      return true
    })
  })
})

onEachDatabase('the vault', (open) => {
  it('opens what it sealed, after a restart too, and only for the same purpose', async () => {
    const db = await open()
    const key = randomBytes(32)
    const vault = await openVault({ db, clock }, given(key))
    const sealed = vault.seal('webhook', secret)
    assert.equal(Buffer.from(sealed).includes(secret), false)
    const restarted = await openVault({ db, clock }, given(key))
    assert.deepEqual(Buffer.from(await restarted.open('webhook', sealed)), secret)
    await assert.rejects(restarted.open('storage', sealed), /does not open/)
    assert.notDeepEqual(vault.seal('webhook', secret), sealed)
  })

  it('refuses changed bytes, and bytes that are not its own', async () => {
    const db = await open()
    const vault = await openVault({ db, clock }, given(randomBytes(32)))
    const sealed = vault.seal('webhook', secret)
    for (let index = 0; index < sealed.length; index++) {
      const changed = Uint8Array.from(sealed)
      changed[index] = (changed[index] ?? 0) ^ 1
      assert.equal(await vault.tryOpen('webhook', changed), undefined, `byte ${index}`)
    }
    for (const length of [0, 19, 20, 48]) {
      assert.equal(await vault.tryOpen('webhook', sealed.subarray(0, length)), undefined)
    }
  })

  it('changes the master key with both given, then goes on with the new one', async () => {
    const db = await open()
    const [former, next] = [randomBytes(32), randomBytes(32)]
    const sealed = (await openVault({ db, clock }, given(former))).seal('x', secret)
    await assert.rejects(openVault({ db, clock }, given(next)), StartError)
    const changing = await openVault({ db, clock }, given(next, former))
    assert.deepEqual(Buffer.from(await changing.open('x', sealed)), secret)
    const after = await openVault({ db, clock }, given(next))
    assert.deepEqual(Buffer.from(await after.open('x', sealed)), secret)
    await assert.rejects(openVault({ db, clock }, given(former)), StartError)
  })

  it('rotates the data key: the older one still opens, in a process that did not see it too', async () => {
    const db = await open()
    const key = randomBytes(32)
    const other = await openVault({ db, clock }, given(key))
    const vault = await openVault({ db, clock }, given(key))
    const before = vault.seal('x', secret)
    await vault.rotateDataKey()
    const after = vault.seal('x', secret)
    assert.notDeepEqual(before.subarray(0, 20), after.subarray(0, 20))
    for (const sealed of [before, after]) {
      assert.deepEqual(Buffer.from(await other.open('x', sealed)), secret)
    }
  })

  it('makes master.key at first start, and never a second one for the same database', async (t) => {
    const db = await open()
    const path = join(await temporaryFolder(t), 'master.key')
    const source = { kind: 'file' as const, path, previous: undefined }
    const sealed = (await openVault({ db, clock }, source)).seal('x', secret)
    const again = await openVault({ db, clock }, source)
    assert.deepEqual(Buffer.from(await again.open('x', sealed)), secret)
    const text = await readFile(path, 'utf8')
    await rm(path)
    await assert.rejects(openVault({ db, clock }, source), /put it back/)
    await writeFile(path, text)
    await openVault({ db, clock }, source)
  })
})
