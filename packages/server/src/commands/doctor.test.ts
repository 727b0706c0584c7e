import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openConfiguredDatabase } from '../app.ts'
import { systemClock } from '../clock.ts'
import { loadConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { silentLog } from '../log.ts'
import { findVersitygw, startS3TestServer } from '../storage/s3-test-server.ts'
import { examine, type Finding } from './doctor.ts'

const clock = systemClock()

async function findingsOf(env: Record<string, string>): Promise<Finding[]> {
  const findings: Finding[] = []
  const loaded = loadConfig(env, '/', { read: () => undefined })
  for await (const finding of examine(loaded, clock)) findings.push(finding)
  return findings
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-doctor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function levels(findings: readonly Finding[], part: string): string[] {
  return findings.filter((finding) => finding.part === part).map(({ level }) => level)
}

const roomy = { ENTREPOT_DISK_RESERVE_BYTES: '0' }

test('before the first start all is well and nothing is made but the store', async (t) => {
  const data = folderOf(t)
  const findings = await findingsOf({ ...roomy, ENTREPOT_DATA: data })
  assert.deepEqual(
    findings.filter(({ level }) => level !== 'ok'),
    [],
  )
  assert.deepEqual(levels(findings, 'storage'), ['ok'])
})

test('a database of ours is asked for schema, answer and clock', async (t) => {
  const env = { ...roomy, ENTREPOT_DATA: folderOf(t) }
  const { config } = loadConfig(env, '/', { read: () => undefined })
  const db = await openConfiguredDatabase(config, { log: silentLog, clock })
  await migrate(db)
  await db.close()
  const findings = await findingsOf(env)
  assert.deepEqual(levels(findings, 'database'), ['ok'])
  assert.deepEqual(levels(findings, 'clock'), ['ok'])
})

const gateway = findVersitygw()

test('more than the store holds in one object is a warning', { skip: !gateway }, async (t) => {
  // Only asked for where it was found.
  const server = await startS3TestServer(gateway ?? '')
  t.after(() => server.close())
  const { bucket, endpoint, region, accessKeyId, secretAccessKey } = server.settings('doctor/')
  const env = {
    ...roomy,
    ENTREPOT_DATA: folderOf(t),
    ENTREPOT_STORAGE: `s3://${bucket}/doctor`,
    ENTREPOT_S3_ENDPOINT: endpoint ?? '',
    ENTREPOT_S3_REGION: region,
    ENTREPOT_S3_ACCESS_KEY: accessKeyId ?? '',
    ENTREPOT_S3_SECRET_KEY: secretAccessKey ?? '',
  }
  assert.deepEqual(levels(await findingsOf(env), 'storage'), ['ok'])
  const findings = await findingsOf({ ...env, ENTREPOT_MAX_BLOB_BYTES: '1TiB' })
  assert.deepEqual(levels(findings, 'storage'), ['ok', 'warn'])
})

test('what is wrong is an error of its part, and the other parts are looked at', async (t) => {
  const folder = folderOf(t)
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const findings = await findingsOf({
    ENTREPOT_DATA: folder,
    ENTREPOT_STORAGE: join(file, 'blobs'),
    ENTREPOT_DATABASE_URL: 'postgres://u:secret-word@127.0.0.1:1/none',
    ENTREPOT_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    ENTREPOT_TLS_CERT: file,
    ENTREPOT_TLS_KEY: file,
    ENTREPOT_DISK_RESERVE_BYTES: '64TiB',
  })
  for (const part of ['settings', 'disk', 'database', 'storage']) {
    assert.ok(levels(findings, part).includes('error'), part)
  }
  assert.ok(!JSON.stringify(findings).includes('secret-word'))
})
