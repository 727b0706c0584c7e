import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findActions } from '@entrepot/contract/catalog.ts'
import { CommandError } from './failures.ts'
import { nearestName, toKebab } from './names.ts'
import { parseFlags } from './request.ts'

function actionOf(name: string) {
  const [action] = findActions(name)
  return action ?? assert.fail(name)
}

const files: Readonly<Record<string, string>> = { 'policy.json': '{"version":"2.0"}' }
const parse = (name: string, ...tokens: string[]) =>
  parseFlags(actionOf(name), tokens, (path) => files[path] ?? assert.fail(path))

const good: readonly [action: string, tokens: string, request: object][] = [
  ['DescribeImages', '', {}],
  [
    'DescribeImages',
    '--RegistryId tcr-1 --Limit 5 --ExactMatch',
    { RegistryId: 'tcr-1', Limit: 5, ExactMatch: true },
  ],
  [
    'DescribeImages',
    '--registry-id=tcr-1 --limit=5 --exact-match=false',
    { RegistryId: 'tcr-1', Limit: 5, ExactMatch: false },
  ],
  ['DescribeImages', '--exact-match false --limit 1', { ExactMatch: false, Limit: 1 }],
  ['DescribeImages', '--no-exact-match', { ExactMatch: false }],
  [
    'DescribeNamespaces',
    '--Filters.0.Name Tags --Filters.0.Values a:b --filters.0.values c:d',
    { Filters: [{ Name: 'Tags', Values: ['a:b', 'c:d'] }] },
  ],
  ['DescribeInstances', '--Registryids a --registryids b', { Registryids: ['a', 'b'] }],
  ['DescribeInstances', '--Registryids ["a","b"]', { Registryids: ['a', 'b'] }],
  ['DescribeInstances', '--Registryids []', { Registryids: [] }],
  ['DescribeInstances', '--Registryids.1 b --Registryids.0 a', { Registryids: ['a', 'b'] }],
  [
    'CreateInstance',
    '--RegistryChargePrepaid.Period 1 --registry-charge-prepaid.renew-flag 2',
    { RegistryChargePrepaid: { Period: 1, RenewFlag: 2 } },
  ],
  [
    'CreateInstance',
    '--TagSpecification.Tags {"Key":"a","Value":"b"} --TagSpecification.Tags.1.Key c',
    { TagSpecification: { Tags: [{ Key: 'a', Value: 'b' }, { Key: 'c' }] } },
  ],
  ['CreateServiceAccount', '--Duration -1', { Duration: -1 }],
  ['CreatePolicy', '--PolicyDocument file://policy.json', { PolicyDocument: '{"version":"2.0"}' }],
  // Of the program's own `--endpoint` and `--all` the API's spelling is the field.
  ['CreateStorageBackend', '--Endpoint http://s3', { Endpoint: 'http://s3' }],
  ['DescribeNamespaces', '--All', { All: true }],
]

const bad: readonly [what: string, action: string, tokens: string, words: RegExp][] = [
  [
    'a flag it has not',
    'DescribeImages',
    '--RegistyId a',
    /no --RegistyId; did you mean --RegistryId\?/,
  ],
  ['nothing near', 'DescribeImages', '--zzzzzz a', /see: entrepot tcr DescribeImages --help/],
  ['a word that is no flag', 'DescribeImages', 'tcr-1', /"tcr-1" is no flag/],
  [
    'a value that is missing',
    'DescribeImages',
    '--RegistryId --Limit 1',
    /--RegistryId needs a value/,
  ],
  [
    'a value that is missing at the end',
    'DescribeImages',
    '--Limit',
    /--Limit needs a value: --Limit NUMBER/,
  ],
  ['a number that is none', 'DescribeImages', '--Limit ten', /--Limit must be a number, not "ten"/],
  ['a flag that is neither', 'DescribeImages', '--ExactMatch=yes', /true or false/],
  ['the same twice', 'DescribeImages', '--Limit 1 --limit 2', /--limit is there twice/],
  [
    'a list without its first',
    'DescribeInstances',
    '--Registryids.1 b',
    /--Registryids.0 is missing/,
  ],
  ['an index too high', 'DescribeInstances', '--Registryids.1001 b', /no --Registryids.1001/],
  ['JSON that is none', 'CreateInstance', '--TagSpecification {', /--TagSpecification is no JSON/],
  ['a part of a text', 'DescribeImages', '--RegistryId.Name a', /no --RegistryId.Name/],
  ['what every object has', 'DescribeImages', '--__proto__.a b', /no --__proto__/],
  ['no- before a text', 'DescribeImages', '--no-registry-id', /no --no-registry-id/],
]

describe('flags', () => {
  for (const [action, tokens, request] of good) {
    it(`${action} ${tokens}`, () => {
      assert.deepEqual(parse(action, ...tokens.split(' ').filter(Boolean)), request)
    })
  }

  for (const [what, action, tokens, words] of bad) {
    it(`refuse ${what}`, () => {
      assert.throws(
        () => parse(action, ...tokens.split(' ')),
        (error) =>
          error instanceof CommandError && error.ending === 'usage' && words.test(error.message),
      )
    })
  }
})

it('names have a form for command lines', () => {
  const names: readonly [string, string][] = [
    ['RegistryId', 'registry-id'],
    ['EnableCosMAZ', 'enable-cos-maz'],
    ['CVEWhitelistItems', 'cve-whitelist-items'],
    ['ListAIModels', 'list-ai-models'],
    ['All', 'all'],
    ['IsSM', 'is-sm'],
  ]
  for (const [name, kebab] of names) assert.equal(toKebab(name), kebab)
})

it('the nearest name is near', () => {
  assert.equal(nearestName('DescribeInstnces', ['DescribeInstances', 'x']), 'DescribeInstances')
  assert.equal(nearestName('trc', ['tcr', 'cam']), undefined)
  assert.equal(nearestName('tcrr', ['tcr', 'cam']), 'tcr')
  assert.equal(nearestName('something', ['else']), undefined)
})
