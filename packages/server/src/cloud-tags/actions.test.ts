import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, it } from 'node:test'
import { addPerson, addStranger, allow, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { addInstance, addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { findResourceTags } from './resources.ts'

const tag = (TagKey: string, TagValue = '') => ({ TagKey, TagValue })
const custom = (TagKey: string, TagValue = '') => ({ TagKey, TagValue, Category: 'Custom' })
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

onEachDatabase('the API of cloud tags', (_open, dialect) => {
  let app: TestApp
  let stranger: TestPerson

  before(async () => {
    app = await testApp({ dialect })
    await ownerOf(app).pushImage('demo/team/app', 'v1')
    stranger = await addStranger(app, 100000000779)
  })
  after(() => app.close())

  const call = (action: string, input: object = {}, person?: TestPerson) =>
    app.api(action, input, { product: 'tag', ...(person && { key: person.key }) })

  const six = (path: string, { account = 'uin/', region = 'ap-guangzhou' } = {}) =>
    `qcs::tcr:${region}:${account}:${path}`

  async function modify(path: string, ReplaceTags: object[], DeleteTags: object[] = []) {
    const input = { Resource: six(path), ReplaceTags, DeleteTags }
    assert.equal((await call('ModifyResourceTags', input)).Error, undefined)
  }

  /** What Terraform reads: by prefix and id. */
  async function tagsOf(path: string, person?: TestPerson) {
    const slash = path.indexOf('/')
    const answer = await call(
      'DescribeResourceTagsByResourceIds',
      {
        ServiceType: 'tcr',
        ResourcePrefix: path.slice(0, slash),
        ResourceIds: [path.slice(slash + 1)],
        ResourceRegion: 'ap-guangzhou',
      },
      person,
    )
    return answer.Tags.map((one: { TagKey: string; TagValue: string }) => {
      return `${one.TagKey}=${one.TagValue}`
    })
  }

  it('sets, changes and takes tags of each kind of resource, as Terraform writes them', async () => {
    const { id } = app.instance
    for (const path of [
      `instance/${id}`,
      `repository/${id}/demo`,
      `repository/${id}/demo/team/app`,
    ]) {
      await modify(path, [tag('env', 'prod'), tag('owner', 'a')])
      await modify(path, [tag('env', 'test')], [{ TagKey: 'owner' }, { TagKey: 'none' }])
      assert.deepEqual(await tagsOf(path), ['env=test'])
      await modify(path, [], [{ TagKey: 'env' }])
      assert.deepEqual(await tagsOf(path), [])
    }
  })

  it('tells a tag whole', async () => {
    const { id } = app.instance
    await modify(`repository/${id}/demo`, [tag('shape', 'whole')])
    const list = await call('DescribeResourceTagsByResourceIds', {
      ServiceType: 'tcr',
      ResourcePrefix: 'repository',
      ResourceIds: [`${id}/demo`, `${id}/none`, 'tcr-none/demo', '', 'x'.repeat(500)].filter(
        Boolean,
      ),
      ResourceRegion: '',
    })
    const row = {
      ...custom('shape', 'whole'),
      ResourceId: `${id}/demo`,
      TagKeyMd5: md5('shape'),
      TagValueMd5: md5('whole'),
      ServiceType: 'tcr',
    }
    const { RequestId, ...shown } = list
    assert.deepEqual(shown, { TotalCount: 1, Offset: 0, Limit: 15, Tags: [row] })
    const rows = await call('DescribeResourceTags', { ResourcePrefix: 'repository' })
    assert.ok(rows.Rows.some((one: object) => JSON.stringify(one) === JSON.stringify(row)))
    await modify(`repository/${id}/demo`, [], [{ TagKey: 'shape' }])
  })

  it('knows its account by number or not at all, and no other', async () => {
    const path = `instance/${app.instance.id}`
    for (const account of ['', 'uin/', `uin/${app.username}`]) {
      const input = { Resource: six(path, { account, region: '' }), ReplaceTags: [tag('a', '1')] }
      assert.equal((await call('ModifyResourceTags', input)).Error, undefined)
    }
    const wrong = { Resource: six(path, { account: `uin/${stranger.uin}` }) }
    const refused = await call('ModifyResourceTags', { ...wrong, ReplaceTags: [tag('a', '2')] })
    assert.equal(refused.Error?.Code, 'ResourceNotFound')
    for (const account of ['uin/', `uin/${app.username}`, `uin/${stranger.uin}`]) {
      const input = { Resource: six(path, { account }), ReplaceTags: [tag('a', '2')] }
      const hidden = await call('ModifyResourceTags', input, stranger)
      assert.equal(hidden.Error?.Code, 'ResourceNotFound')
    }
    assert.deepEqual(await tagsOf(path), ['a=1'])
    assert.deepEqual(await tagsOf(path, stranger), [])
    const rows = await call('DescribeResourceTags', {}, stranger)
    assert.deepEqual([rows.TotalCount, rows.Rows], [0, []])
    assert.deepEqual((await call('GetResources', {}, stranger)).ResourceTagMappingList, [])
    assert.deepEqual((await call('DescribeTags', {}, stranger)).Tags, [])
    await modify(path, [], [{ TagKey: 'a' }])
  })

  it('sets tags on several, each for itself', async () => {
    const { id } = app.instance
    await addNamespace(app, 'full')
    const nine = Array.from({ length: 9 }, (_, i) => tag(`k${i}`))
    await modify(`repository/${id}/full`, nine)
    const resources = [
      six(`repository/${id}/full`),
      six(`repository/${id}/demo`),
      six(`repository/${id}/nowhere`),
      six(`instance/${id}#tcr$ci`),
      'qcs::cos::uin/:bucket/a',
    ]
    const answer = await call('TagResources', {
      ResourceList: resources,
      Tags: [tag('k0', 'new'), tag('x'), tag('y')],
    })
    const codes = answer.FailedResources.map((one: { Resource: string; Code: string }) => {
      return [resources.indexOf(one.Resource), one.Code]
    })
    assert.deepEqual(codes, [
      [0, 'LimitExceeded.ResourceAttachedTags'],
      [2, 'ResourceNotFound'],
      [3, 'ResourceNotFound'],
      [4, 'ResourceNotFound'],
    ])
    assert.deepEqual(await tagsOf(`repository/${id}/demo`), ['k0=new', 'x=', 'y='])
    assert.equal((await tagsOf(`repository/${id}/full`)).length, 9)
    const taken = await call('UnTagResources', {
      ResourceList: resources.slice(0, 2),
      TagKeys: ['k0', 'x', 'y'],
    })
    assert.deepEqual(taken.FailedResources, [])
    assert.deepEqual(await tagsOf(`repository/${id}/demo`), [])
    assert.equal((await tagsOf(`repository/${id}/full`)).length, 8)
  })

  it('lets exactly one of many put the last tag on', async () => {
    const { id } = app.instance
    await addNamespace(app, 'last')
    const nine = Array.from({ length: 9 }, (_, i) => tag(`k${i}`))
    await modify(`repository/${id}/last`, nine)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        call('ModifyResourceTags', {
          Resource: six(`repository/${id}/last`),
          ReplaceTags: [tag(`last-${i}`)],
        }),
      ),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok').sort()
    assert.deepEqual(codes, [...Array(9).fill('LimitExceeded.ResourceAttachedTags'), 'ok'])
    assert.equal((await tagsOf(`repository/${id}/last`)).length, 10)
  })

  it('lists by offsets that are multiples, and by token', async () => {
    const place = await addInstance(app, 'listed-here', { region: 'ap-shanghai' })
    for (let i = 0; i < 7; i += 1) {
      await addNamespace(app, `ns-${i}`, { instance: place })
      await modify(`repository/${place.id}/ns-${i}`, [
        tag('list', i % 2 ? 'odd' : 'even'),
        tag('n'),
      ])
    }
    const where = { ResourceRegion: 'ap-shanghai', ServiceType: 'tcr' }
    const pages: string[] = []
    for (let Offset = 0; Offset < 14; Offset += 4) {
      const page = await call('DescribeResourceTags', { ...where, Offset, Limit: 4 })
      assert.deepEqual([page.TotalCount, page.Offset, page.Limit], [14, Offset, 4])
      for (const row of page.Rows) pages.push(`${row.ResourceId} ${row.TagKey}`)
    }
    const names = Array.from({ length: 7 }, (_, i) => `${place.id}/ns-${i}`)
    assert.deepEqual(
      pages,
      names.flatMap((name) => [`${name} list`, `${name} n`]),
    )
    const uneven = await call('DescribeResourceTags', { ...where, Offset: 3, Limit: 2 })
    assert.equal(uneven.Error?.Code, 'InvalidParameterValue.OffsetInvalid')
    const one = await call('DescribeResourceTags', { ResourceId: names[3] })
    assert.deepEqual([one.TotalCount, one.Rows[0].ResourceId], [2, names[3]])
    for (const input of [{ ServiceType: 'cvm' }, { ResourcePrefix: 'bucket' }, { CreateUin: 1 }]) {
      assert.equal((await call('DescribeResourceTags', { ...where, ...input })).TotalCount, 0)
    }

    const TagFilters = [{ TagKey: 'list', TagValue: ['even', 'other'] }, { TagKey: 'n' }]
    const found: string[] = []
    let PaginationToken = ''
    do {
      const page = await call('GetResources', { TagFilters, MaxResults: 2, PaginationToken })
      for (const { Resource, Tags } of page.ResourceTagMappingList) {
        found.push(Resource)
        assert.deepEqual(Tags, [custom('list', 'even'), custom('n')])
      }
      PaginationToken = page.PaginationToken
    } while (PaginationToken !== '')
    const evenOnes = [0, 2, 4, 6].map((i) => {
      return `qcs::tcr:ap-shanghai:uin/${app.username}:repository/${place.id}/ns-${i}`
    })
    assert.deepEqual(found, evenOnes)
    const named = await call('GetResources', { ResourceList: evenOnes.slice(1, 3) })
    assert.equal(named.ResourceTagMappingList.length, 2)
    const forged = await call('GetResources', { PaginationToken: 'forged' })
    assert.equal(forged.Error?.Code, 'InvalidParameterValue.PaginationTokenInvalid')
  })

  it('keeps tags to choose from; one that is used stays', async () => {
    const pair = tag('choice', 'yes')
    assert.equal((await call('CreateTag', pair)).Error, undefined)
    assert.equal((await call('CreateTag', pair)).Error?.Code, 'ResourceInUse.TagDuplicate')
    const can = async () => (await call('DescribeTags', { TagKey: 'choice' })).Tags
    assert.deepEqual(await can(), [{ ...custom('choice', 'yes'), CanDelete: 1 }])
    await modify(`instance/${app.instance.id}`, [pair])
    assert.deepEqual(await can(), [{ ...custom('choice', 'yes'), CanDelete: 0 }])
    const used = await call('DeleteTag', pair)
    assert.equal(used.Error?.Code, 'FailedOperation.TagAttachedResource')
    await modify(`instance/${app.instance.id}`, [], [{ TagKey: 'choice' }])
    assert.equal((await call('DeleteTag', pair)).Error, undefined)
    assert.equal((await call('DeleteTag', pair)).Error?.Code, 'ResourceNotFound.TagNonExist')
    for (const value of ['a', 'b', 'c']) await call('CreateTag', tag('letter', value))
    await call('CreateTag', tag('letters', 'd'))
    const values = await call('DescribeTagValues', { TagKeys: ['letter'], Offset: 2, Limit: 2 })
    assert.deepEqual([values.TotalCount, values.Tags], [3, [custom('letter', 'c')]])
    const keys = await call('DescribeTagKeys', { Limit: 1000 })
    assert.equal(keys.TotalCount, keys.Tags.length)
    assert.ok(keys.Tags.includes('letter') && keys.Tags.includes('letters'))
    const some = await call('DescribeTags', { TagKeys: ['letter', 'letters'], Limit: 2, Offset: 2 })
    assert.deepEqual(
      [some.TotalCount, some.Tags.map((one: { TagValue: string }) => one.TagValue)],
      [4, ['c', 'd']],
    )
    assert.equal((await call('DescribeTagKeys', { Category: 'System' })).TotalCount, 0)
  })

  it('lets exactly one of many make a tag', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('CreateTag', tag('wanted', 'once'))),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok').sort()
    assert.deepEqual(codes, [...Array(19).fill('ResourceInUse.TagDuplicate'), 'ok'])
  })

  it('asks for each resource as what it is', async () => {
    const { id } = app.instance
    await addNamespace(app, 'theirs')
    await modify(`instance/${id}`, [tag('of', 'instance')])
    await modify(`repository/${id}/theirs`, [tag('of', 'theirs')])
    await modify(`repository/${id}/demo`, [tag('of', 'demo')])
    const theirs = `qcs::tcr:::repository/${id}/theirs/*`
    const person = await addPerson(app, 'tagger', allow('tag:*', theirs))
    const resources = [six(`repository/${id}/theirs`), six(`instance/${id}`), six('instance/none')]
    const answer = await call(
      'TagResources',
      { ResourceList: resources, Tags: [tag('more')] },
      person,
    )
    assert.deepEqual(
      answer.FailedResources.map(({ Code }: { Code: string }) => Code),
      ['UnauthorizedOperation', 'UnauthorizedOperation'],
    )
    assert.deepEqual(await tagsOf(`repository/${id}/theirs`, person), ['more=', 'of=theirs'])
    assert.deepEqual(await tagsOf(`repository/${id}/demo`, person), [])
    const rows = await call('DescribeResourceTags', {}, person)
    assert.deepEqual(
      [rows.TotalCount, rows.Rows[0].ResourceId, rows.Rows[1].ResourceId],
      [2, `${id}/theirs`, `${id}/theirs`],
    )
    const { ResourceTagMappingList } = await call('GetResources', {}, person)
    assert.equal(ResourceTagMappingList.length, 1)
    const nothing = await addPerson(app, 'tagless')
    for (const action of ['DescribeResourceTags', 'GetResources', 'DescribeTags']) {
      assert.equal((await call(action, {}, nothing)).Error?.Code, 'UnauthorizedOperation')
    }
    for (const path of [`instance/${id}`, `repository/${id}/theirs`, `repository/${id}/demo`]) {
      await modify(path, [], [{ TagKey: 'of' }])
    }
  })

  it('decides by tags: those that are there, and those that are asked for', async () => {
    const { id } = app.instance
    await addNamespace(app, 'green')
    await addNamespace(app, 'red')
    await modify(`repository/${id}/green`, [tag('colour', 'green')])
    await modify(`repository/${id}/red`, [tag('colour', 'red')])
    const when = (key: string, value: string) => ({
      condition: { 'for_any_value:string_equal': { [key]: [value] } },
    })
    const person = await addPerson(
      app,
      'painter',
      { ...allow('tag:*', '*'), ...when('qcs:resource_tag', 'colour&green') },
      { effect: 'deny', action: 'tag:*', resource: '*', ...when('qcs:request_tag', 'pay&no') },
    )
    const set = (namespace: string, ...Tags: object[]) =>
      call(
        'TagResources',
        { ResourceList: [six(`repository/${id}/${namespace}`)], Tags },
        person,
      ).then(({ FailedResources: [failed] }) => failed?.Code ?? 'ok')
    assert.equal(await set('green', tag('pay', 'yes')), 'ok')
    assert.equal(await set('green', tag('pay', 'no')), 'UnauthorizedOperation')
    assert.equal(await set('red', tag('pay', 'yes')), 'UnauthorizedOperation')
    const rows = await call('DescribeResourceTags', {}, person)
    assert.deepEqual(
      [rows.TotalCount, rows.Rows.map((one: { TagKey: string }) => one.TagKey)],
      [2, ['colour', 'pay']],
    )
    const { ResourceTagMappingList: seen } = await call('GetResources', { MaxResults: 1 }, person)
    assert.deepEqual(seen[0].Tags, [custom('colour', 'green'), custom('pay', 'yes')])
  })

  it('decides about the API by the tags of a resource, of what it lies in, and of the call', async () => {
    const { id } = app.instance
    await modify(`instance/${id}`, [tag('stage', 'prod')])
    await addNamespace(app, 'try-out')
    await modify(`repository/${id}/try-out`, [tag('stage', 'test')])
    const by = (key: string, value: string) => ({
      condition: { 'for_any_value:string_equal': { [key]: [value] } },
    })
    const person = await addPerson(
      app,
      'tester',
      { ...allow('tcr:*Namespace', '*'), ...by('qcs:resource_tag', 'stage&test') },
      { ...allow('tcr:CreateNamespace', '*'), ...by('qcs:request_tag', 'stage&test') },
    )
    const codeOf = async (action: string, NamespaceName: string, more: object = {}) => {
      const input = { RegistryId: id, NamespaceName, ...more }
      return (await app.api(action, input, { key: person.key })).Error?.Code ?? 'ok'
    }
    const make = (name: string, ...Tags: object[]) => {
      const TagSpecification = { ResourceType: 'namespace', Tags }
      return codeOf('CreateNamespace', name, { IsPublic: false, TagSpecification })
    }
    const test = { Key: 'stage', Value: 'test' }
    assert.equal(await make('by-test'), 'UnauthorizedOperation')
    assert.equal(await make('by-test', { Key: 'stage', Value: 'prod' }), 'UnauthorizedOperation')
    assert.equal(await make('by-test', test), 'ok')
    assert.equal(
      await codeOf('ModifyNamespace', 'demo', { IsPublic: false }),
      'UnauthorizedOperation',
    )
    assert.equal(await codeOf('ModifyNamespace', 'try-out', { IsPublic: false }), 'ok')
    assert.equal(await codeOf('DeleteNamespace', 'by-test'), 'ok')
    assert.equal(await codeOf('DeleteNamespace', 'demo'), 'UnauthorizedOperation')
    await modify(`instance/${id}`, [], [{ TagKey: 'stage' }])
  })

  it('has policies see the tags of what a resource lies in, the nearest first', async () => {
    const { id } = app.instance
    await modify(`instance/${id}`, [tag('env', 'prod'), tag('cost', '1')])
    await modify(`repository/${id}/demo`, [tag('env', 'test')])
    await modify(`repository/${id}/demo/team/app`, [tag('app', 'web')])
    const of = async (path: string) =>
      (await findResourceTags(app.app.db, app.instance.ownerUin, path))
        .map(({ key, value }) => `${key}=${value}`)
        .sort()
    assert.deepEqual(await of(`instance/${id}`), ['cost=1', 'env=prod'])
    assert.deepEqual(await of(`repository/${id}/demo`), ['cost=1', 'env=test'])
    const whole = ['app=web', 'cost=1', 'env=test']
    assert.deepEqual(await of(`repository/${id}/demo/team/app`), whole)
    assert.deepEqual(await of(`repository/${id}/demo/new`), ['cost=1', 'env=test'])
    assert.deepEqual(await of(`repository/${id}/none/new`), ['cost=1', 'env=prod'])
    assert.deepEqual(await of('instance/none'), [])
    assert.deepEqual(await findResourceTags(app.app.db, stranger.uin, `instance/${id}`), [])
    assert.deepEqual(await of('repo/demo/team'), [])
    for (const path of [
      `instance/${id}`,
      `repository/${id}/demo`,
      `repository/${id}/demo/team/app`,
    ]) {
      await modify(
        path,
        [],
        ['env', 'cost', 'app'].map((TagKey) => ({ TagKey })),
      )
    }
  })

  it('loses tags with their resource', async () => {
    const { id } = app.instance
    await addNamespace(app, 'going')
    await modify(`repository/${id}/going`, [tag('going', 'soon')])
    const input = { RegistryId: id, NamespaceName: 'going' }
    assert.equal((await app.api('DeleteNamespace', input)).Error, undefined)
    assert.deepEqual(await tagsOf(`repository/${id}/going`), [])
    const [known] = (await call('DescribeTags', { TagKey: 'going' })).Tags
    assert.equal(known.CanDelete, 1)
  })

  const refused: [what: string, action: string, input: object, code: string][] = [
    [
      'neither new tags nor old ones',
      'ModifyResourceTags',
      { Resource: six('instance/x') },
      'MissingParameter',
    ],
    [
      'one tag set and taken',
      'ModifyResourceTags',
      { Resource: six('instance/x'), ReplaceTags: [tag('a')], DeleteTags: [{ TagKey: 'a' }] },
      'InvalidParameterValue.DeleteTagsParamError',
    ],
    [
      'five segments',
      'ModifyResourceTags',
      { Resource: 'qcs::tcr:a:instance/x', ReplaceTags: [tag('a')] },
      'InvalidParameterValue.ResourceDescriptionError',
    ],
    [
      'no resource',
      'TagResources',
      { ResourceList: [], Tags: [tag('a')] },
      'InvalidParameterValue',
    ],
    ['no tag', 'CreateTag', { TagKey: '', TagValue: '' }, 'InvalidParameterValue'],
    ['a long page', 'DescribeTags', { Limit: 1001 }, 'InvalidParameterValue'],
    ['an empty page', 'DescribeTags', { Limit: 0 }, 'InvalidParameterValue'],
  ]
  for (const [what, action, input, code] of refused) {
    it(`refuses ${what} with ${code}`, async () => {
      assert.equal((await call(action, input)).Error?.Code, code)
    })
  }

  it('writes an audit row where nothing may be listed', async () => {
    const person = await addPerson(app, 'refused-lister')
    const answer = await call('DescribeResourceTags', {}, person)
    assert.equal(answer.Error?.Code, 'UnauthorizedOperation')
    await app.app.registry.audit.flush()
    const row = await app.app.db.read
      .selectFrom('audit')
      .select(['action', 'result', 'reason'])
      .where('actor', '=', String(person.uin))
      .executeTakeFirstOrThrow()
    assert.deepEqual(row, {
      action: 'tag:DescribeResourceTags',
      result: 'refused',
      reason: 'no-permission',
    })
  })

  it('writes an audit row that names the resource', async () => {
    const resource = six(`repository/${app.instance.id}/demo`)
    await call('TagResources', { ResourceList: [resource], Tags: [tag('audited')] })
    const row = await app.app.db.read
      .selectFrom('audit')
      .select(['actor', 'action', 'resource'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    assert.deepEqual(row, { actor: app.username, action: 'tag:TagResources', resource })
  })
})
