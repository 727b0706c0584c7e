// Keys of a namespace over the API, and what they make of a signature.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type ApiOptions, type TestApp, testApp } from '../test-app.ts'
import { packChart } from './test-charts.ts'
import { makeSigner, revoked, type Signer, signedProvenanceOf } from './test-keys.ts'

onEachDatabase('signing keys of charts', (_open, dialect) => {
  let app: TestApp
  let signer: Signer
  before(async () => {
    app = await testApp({ dialect })
    await addNamespace(app, 'team')
    signer = await makeSigner(new Date(app.clock.now() - 1000))
  })
  after(() => app.close())

  const call = (action: string, input: object = {}, options: ApiOptions = {}) => {
    app.clock.advance(1000)
    const at = { RegistryId: app.instance.id, NamespaceName: 'team' }
    return app.api(action, { ...at, ...input }, { product: 'entrepot', ...options })
  }
  const codeOf = async (action: string, input: object, options?: ApiOptions) =>
    (await call(action, input, options)).Error?.Code
  const signatureOf = async (ChartName: string) => {
    const answer = await call('DescribeHelmChart', { ChartName, Version: '1.0.0' })
    assert.equal(answer.Error, undefined)
    return answer.Signature
  }
  const add = (PublicKey: string, options?: ApiOptions) =>
    codeOf('CreateHelmChartKey', { PublicKey }, options)
  const countRows = async () =>
    (await app.app.db.read.selectFrom('chart_keys').select('fingerprint').execute()).length

  it('verify what they signed while they are there and count', async () => {
    const bytes = await packChart()
    const Provenance = await signedProvenanceOf(bytes, signer, new Date(app.clock.now()))
    const Content = [bytes.toString('base64')]
    assert.equal(await codeOf('CreateHelmChart', { Content, Provenance }), undefined)
    const KeyId = signer.key.getKeyID().toHex().toUpperCase()
    const { State, ...unknown } = await signatureOf('web')
    assert.equal(State, 'unknown-key')
    assert.deepEqual(unknown, { KeyId, Fingerprint: null, UserIds: [], SignTime: null })

    const added = await call('CreateHelmChartKey', { PublicKey: signer.armored })
    const UserIds = ['Ana <ana@example.org>']
    assert.deepEqual([added.Fingerprint, added.UserIds], [signer.fingerprint, UserIds])
    const { Keys } = await call('DescribeHelmChartKeys')
    assert.deepEqual([Keys[0].Fingerprint, Keys[0].UserIds], [signer.fingerprint, UserIds])
    const verified = await signatureOf('web')
    assert.deepEqual(
      [verified.State, verified.Fingerprint, verified.UserIds],
      ['verified', signer.fingerprint, UserIds],
    )

    assert.equal(await add(await revoked(signer, new Date(app.clock.now()))), undefined)
    assert.deepEqual([await countRows(), (await signatureOf('web')).State], [1, 'revoked-key'])

    const Fingerprint = signer.fingerprint.toLowerCase()
    assert.equal(await codeOf('DeleteHelmChartKey', { Fingerprint }), undefined)
    assert.match(String(await codeOf('DeleteHelmChartKey', { Fingerprint })), /^ResourceNotFound/)
    assert.equal((await signatureOf('web')).State, 'unknown-key')
  })

  it('are asked about no chart without a provenance file', async () => {
    const bytes = await packChart({ name: 'bare' })
    const Content = [bytes.toString('base64')]
    assert.equal(await codeOf('CreateHelmChart', { Content }), undefined)
    assert.equal((await signatureOf('bare')).State, 'none')
  })

  it('are refused where they are none, and where there are twenty', async () => {
    assert.equal(await add('key'), 'InvalidParameterValue')
    const { id } = await app.app.db.read
      .selectFrom('namespaces')
      .select('id')
      .where('name', '=', 'team')
      .executeTakeFirstOrThrow()
    const fingerprintOf = (at: number) => String(at).padStart(40, '0')
    const rows = Array.from({ length: 20 }, (_, at) => ({
      ...{ namespace_id: id, fingerprint: fingerprintOf(at), key_ids: '[]', user_ids: '[]' },
      ...{ armored: '', created_at: at, created_by: 'x' },
    }))
    await app.app.db.write((tx) => tx.insertInto('chart_keys').values(rows).execute())
    assert.equal(await add(signer.armored), 'LimitExceeded')
    const oldest = { Fingerprint: fingerprintOf(0) }
    assert.equal(await codeOf('DeleteHelmChartKey', oldest), undefined)
    assert.equal(await add(signer.armored), undefined)
    assert.equal(await add(signer.armored), undefined, 'the same again')
    const { Keys, TotalCount } = await call('DescribeHelmChartKeys')
    assert.deepEqual([Keys.length, TotalCount], [20, 20])
  })

  it('are changed by who may change the namespace', async () => {
    const where = `qcs::tcr:::repository/${app.instance.id}/team`
    const { key } = await addPerson(app, 'key-reader', allow('tcr:DescribeHelmCharts', where))
    assert.equal(await codeOf('DescribeHelmChartKeys', {}, { key }), undefined)
    assert.equal(await add(signer.armored, { key }), 'UnauthorizedOperation')
  })

  it('go with their namespace', async () => {
    const NamespaceName = 'brief'
    await addNamespace(app, NamespaceName)
    const others = await countRows()
    const PublicKey = signer.armored
    assert.equal(await codeOf('CreateHelmChartKey', { NamespaceName, PublicKey }), undefined)
    const gone = await app.api('DeleteNamespace', { RegistryId: app.instance.id, NamespaceName })
    assert.equal(gone.Error, undefined)
    assert.equal(await countRows(), others)
  })
})
