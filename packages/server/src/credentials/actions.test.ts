import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { decodeJwt } from 'jose'
import { deleteUser } from '../accounts/removal.ts'
import { addPerson, addStranger, allow, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { basic, outcome, ownerOf, TestClient } from '../registry/test-client.ts'
import { addInstance, seedOrigin } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { createUserCredential } from './user-credentials.ts'

const tenYearsMs = 87_600 * 3_600_000

onEachDatabase("the API of a person's credentials", (_open, dialect) => {
  let app: TestApp
  let reader: TestPerson
  let stranger: TestPerson

  before(async () => {
    app = await testApp({ dialect })
    await ownerOf(app).pushImage('demo/app', 'v1')
    reader = await addPerson(
      app,
      'reader',
      allow('tcr:PullRepository', `qcs::tcr:::repository/${app.instance.id}/demo/*`),
    )
    stranger = await addStranger(app, 100000000777)
  })
  after(() => app.close())

  const call = (action: string, input: object = {}, person?: TestPerson) =>
    app.api(action, { RegistryId: app.instance.id, ...input }, person && { key: person.key })

  const pull = (username: string, password: string) =>
    new TestClient(app.url, basic(username, password)).call('GET', '/v2/demo/app/manifests/v1')

  async function create(person?: TestPerson, Desc = 'laptop') {
    const made = await call('CreateInstanceToken', { TokenType: 'longterm', Desc }, person)
    assert.equal(made.Error, undefined)
    const { Username, Token, TokenId, ExpTime } = made
    return { Username, Token, TokenId, ExpTime }
  }

  it('gives a temporary login, which the docker client can use for an hour', async () => {
    const { RequestId, Token, ...made } = await call('CreateInstanceToken')
    const end = Math.floor(app.clock.now() / 1000) + 3600
    assert.deepEqual(made, { Username: app.username, ExpTime: end * 1000, TokenId: '' })
    const { ownerUin, operatorUin, exp, nbf, iat, tokenId } = decodeJwt(Token)
    assert.deepEqual(
      { ownerUin, operatorUin, exp, nbf, iat, tokenId },
      {
        ownerUin: app.username,
        operatorUin: app.username,
        exp: end,
        nbf: end - 3600,
        iat: end - 3600,
        tokenId: undefined,
      },
    )
    assert.equal(outcome(await pull(app.username, Token)), '200')
    assert.equal(outcome(await pull('tcr$x', Token)), '401 UNAUTHORIZED')
  })

  it('names a sub-account and its main account in the temporary login', async () => {
    const { Username, Token } = await call('CreateInstanceToken', {}, reader)
    const { ownerUin, operatorUin } = decodeJwt(Token)
    assert.deepEqual([Username, ownerUin, operatorUin], [`${reader.uin}`, app.username, Username])
    assert.equal(outcome(await pull(Username, Token)), '200')
  })

  it('keeps long-term ones: made, shown once, listed, described, switched, deleted', async () => {
    const { Username, Token, TokenId, ExpTime } = await create(reader)
    assert.equal(Username, String(reader.uin))
    assert.match(TokenId, /^[0-9a-v]{20}$/)
    const list = await call('DescribeInstanceToken', {}, reader)
    const { CreatedAt, ...shown } = list.Tokens[0]
    assert.match(CreatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
    assert.deepEqual(
      [list.TotalCount, shown],
      [
        1,
        {
          Id: TokenId,
          Desc: 'laptop',
          RegistryId: app.instance.id,
          Enabled: true,
          ExpiredAt: ExpTime,
        },
      ],
    )
    assert.equal(ExpTime, app.clock.now() + tenYearsMs)
    const modify = (input: object) => call('ModifyInstanceToken', { TokenId, ...input }, reader)
    assert.equal(outcome(await pull(Username, Token)), '200')
    // The description is only changed with its flag, the switch only with the other.
    assert.equal((await modify({ ModifyFlag: 1, Desc: 'desk', Enable: false })).Error, undefined)
    assert.equal((await modify({ Enable: false, Desc: 'unused' })).Error, undefined)
    const [off] = (await call('DescribeInstanceToken', {}, reader)).Tokens
    assert.deepEqual([off.Desc, off.Enabled], ['desk', false])
    app.clock.advance(1000)
    assert.equal(outcome(await pull(Username, Token)), '401 UNAUTHORIZED')
    assert.equal((await modify({ Enable: true, ModifyFlag: 2 })).Error, undefined)
    app.clock.advance(1000)
    assert.equal(outcome(await pull(Username, Token)), '200')
    assert.equal((await call('DeleteInstanceToken', { TokenId }, reader)).Error, undefined)
    app.clock.advance(1000)
    assert.equal(outcome(await pull(Username, Token)), '401 UNAUTHORIZED')
    const empty = await call('DescribeInstanceToken', {}, reader)
    assert.deepEqual([empty.TotalCount, empty.Tokens], [0, []])
  })

  it('ends the bearer tokens made of one within a second of its end', async () => {
    const { Username, Token, TokenId } = await create()
    const login = new TestClient(app.url, basic(Username, Token))
    const bearer = login.as(await login.bearer('repository:demo/app:pull'))
    const get = () => bearer.call('GET', '/v2/demo/app/manifests/v1')
    assert.equal(outcome(await get()), '200')
    await call('DeleteInstanceToken', { TokenId })
    app.clock.advance(1000)
    assert.equal(outcome(await get()), '401 UNAUTHORIZED')
  })

  it('belongs to one person: another one, the main account too, neither sees nor touches it', async () => {
    const { TokenId } = await create(reader)
    const mine = await call('DescribeInstanceToken')
    assert.ok(mine.Tokens.every(({ Id }: { Id: string }) => Id !== TokenId))
    for (const person of [undefined, stranger]) {
      const attempts = [
        call('ModifyInstanceToken', { TokenId, Enable: false }, person),
        call('ModifyInstanceToken', { TokenId, ModifyFlag: 1, Desc: 'x' }, person),
        call('DeleteInstanceToken', { TokenId }, person),
      ]
      for (const answer of await Promise.all(attempts)) {
        assert.equal(answer.Error?.Code, 'ResourceNotFound')
      }
    }
    const { Tokens } = await call('DescribeInstanceToken', {}, reader)
    assert.deepEqual([Tokens[0].Enabled, Tokens[0].Desc], [true, 'laptop'])
  })

  it('is of one instance', async () => {
    const other = await addInstance(app, 'the-other')
    const { TokenId } = await create()
    const elsewhere = { RegistryId: other.id }
    assert.deepEqual((await call('DescribeInstanceToken', elsewhere)).Tokens, [])
    const deleted = await call('DeleteInstanceToken', { ...elsewhere, TokenId })
    assert.equal(deleted.Error?.Code, 'ResourceNotFound')
  })

  it('needs sight of the instance, and no policy against it', async () => {
    const blind = await addPerson(app, 'blind')
    const barred = await addPerson(app, 'barred', allow('tcr:*', '*'), {
      effect: 'deny',
      action: 'tcr:CreateInstanceToken',
      resource: '*',
    })
    for (const person of [blind, barred]) {
      const answer = await call('CreateInstanceToken', {}, person)
      assert.equal(answer.Error?.Code, 'UnauthorizedOperation')
    }
    for (const RegistryId of [app.instance.id, 'tcr-nothere1']) {
      const answer = await call('DescribeInstanceToken', { RegistryId }, blind)
      assert.equal(answer.Error?.Code, 'UnauthorizedOperation')
    }
    const unknown = await call('CreateInstanceToken', {}, stranger)
    assert.equal(unknown.Error?.Code, 'ResourceNotFound')
  })

  it('pages by record, as Terraform does', async () => {
    const pager = await addPerson(app, 'pager', allow('tcr:DescribeInstances', '*'))
    const made: string[] = []
    for (let i = 0; i < 5; i += 1) made.push((await create(pager, `n${i}`)).TokenId)
    const ids = async (input: object) => {
      const { TotalCount, Tokens } = await call('DescribeInstanceToken', input, pager)
      assert.equal(TotalCount, 5)
      return Tokens.map(({ Id }: { Id: string }) => Id)
    }
    assert.deepEqual(await ids({ Limit: 200, Offset: 0 }), made)
    assert.deepEqual(await ids({ Limit: 2, Offset: 1 }), made.slice(1, 3))
    assert.deepEqual(await ids({ Limit: 2, Offset: 4 }), made.slice(4))
    assert.deepEqual(await ids({ Limit: 200, Offset: 200 }), [])
  })

  it('gives the last of 100 to exactly one', async () => {
    const many = await addPerson(app, 'many', allow('tcr:DescribeInstances', '*'))
    await app.app.db.write(async (tx) => {
      for (let i = 0; i < 99; i += 1) {
        const input = { uin: many.uin, description: '', at: app.clock.now(), origin: seedOrigin }
        await createUserCredential(tx, app.instance, input)
      }
    })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call('CreateInstanceToken', { TokenType: 'longterm' }, many)),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok').sort()
    assert.deepEqual(codes, [...Array(7).fill('OperationDenied.QuotaOverLimit'), 'ok'])
  })

  it('dies with its person', async () => {
    const leaver = await addPerson(app, 'leaver', allow('tcr:*', '*'))
    const temporary = await call('CreateInstanceToken', {}, leaver)
    const lasting = await create(leaver)
    const outcomes = () =>
      Promise.all(
        [temporary, lasting].map(async ({ Username, Token }) =>
          outcome(await pull(Username, Token)),
        ),
      )
    assert.deepEqual(await outcomes(), ['200', '200'])
    await app.app.db.write((tx) =>
      deleteUser(tx, {
        ownerUin: app.instance.ownerUin,
        uin: leaver.uin,
        withKeys: true,
        at: app.clock.now(),
        origin: seedOrigin,
      }),
    )
    app.clock.advance(1000)
    assert.deepEqual(await outcomes(), ['401 UNAUTHORIZED', '401 UNAUTHORIZED'])
  })

  const refused: [what: string, action: string, input: object, code: string][] = [
    [
      'a kind that is none',
      'CreateInstanceToken',
      { TokenType: 'for-ever' },
      'InvalidParameterValue',
    ],
    [
      'a long description',
      'CreateInstanceToken',
      { Desc: 'd'.repeat(256) },
      'InvalidParameterValue',
    ],
    [
      'a flag that is none',
      'ModifyInstanceToken',
      { TokenId: 'x', ModifyFlag: 3 },
      'InvalidParameterValue',
    ],
    ['no id', 'DeleteInstanceToken', {}, 'MissingParameter'],
    ['an unknown id', 'DeleteInstanceToken', { TokenId: 'none' }, 'ResourceNotFound'],
    ['an undeclared field', 'CreateInstanceToken', { Days: 1 }, 'UnknownParameter'],
  ]
  for (const [what, action, input, code] of refused) {
    it(`refuses ${what} with ${code}`, async () => {
      assert.equal((await call(action, input)).Error?.Code, code)
    })
  }

  it('refuses a change that names no new value', async () => {
    const { TokenId } = await create()
    for (const ModifyFlag of [1, 2]) {
      const answer = await call('ModifyInstanceToken', { TokenId, ModifyFlag })
      assert.equal(answer.Error?.Code, 'MissingParameter')
    }
  })

  it('writes one audit row a change, with the person and which credential', async () => {
    const audited = await addPerson(app, 'audited', allow('tcr:DescribeInstances', '*'))
    const { TokenId } = await create(audited)
    await call('ModifyInstanceToken', { TokenId, Enable: false }, audited)
    await call('DeleteInstanceToken', { TokenId }, audited)
    await call('CreateInstanceToken', {}, audited)
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['action', 'resource', 'reference', 'credential', 'instance_id'])
      .where('actor', '=', String(audited.uin))
      .orderBy('id')
      .execute()
    const reference = `long-term:${TokenId}`
    assert.deepEqual(
      rows.map((row) => [row.action, row.reference]),
      [
        ['tcr:CreateInstanceToken', reference],
        ['tcr:ModifyInstanceToken', reference],
        ['tcr:DeleteInstanceToken', reference],
        ['tcr:CreateInstanceToken', 'temporary'],
      ],
    )
    for (const row of rows) {
      assert.equal(row.resource, `instance/${app.instance.id}`)
      assert.equal(row.instance_id, app.instance.id)
      assert.equal(row.credential, `api-key:${audited.key.secretId}`)
    }
  })
})
