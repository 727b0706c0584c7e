import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Action,
  grantsOf,
  type Level,
  levelOf,
  permissionsOf,
  summarizeGrants,
  withDelete,
  withLevel,
} from './permissions.ts'

const pull = 'tcr:PullRepository'
const push = 'tcr:PushRepository'
const create = 'tcr:CreateRepository'

describe('the level of actions', () => {
  const cases: readonly [actions: readonly Action[], want: Level][] = [
    [[], 'none'],
    [[pull], 'read'],
    [withLevel([], 'read'), 'read'],
    [[pull, push, create], 'write'],
    [withLevel([], 'write'), 'write'],
    [withDelete(withLevel([], 'write'), true), 'write'],
    [[push], 'custom'],
    [[pull, push], 'custom'],
    [[pull, 'tcr:DeleteImage'], 'custom'],
    [['tcr:DeleteImage'], 'custom'],
    [['tcr:DescribeHelmCharts'], 'custom'],
  ]
  for (const [actions, want] of cases) {
    it(`of [${actions.join(', ')}] is ${want}`, () => assert.equal(levelOf(actions), want))
  }
})

describe('a changed level', () => {
  it('keeps deleting with read-write alone', () => {
    const deleting = withDelete(withLevel([], 'write'), true)
    assert.ok(withLevel(deleting, 'write').includes('tcr:DeleteImage'))
    assert.ok(!withLevel(deleting, 'read').includes('tcr:DeleteImage'))
    assert.deepEqual(withLevel(deleting, 'none'), [])
    assert.deepEqual(withDelete(deleting, false), withLevel([], 'write'))
  })
})

describe('grants', () => {
  it('leave out namespaces without actions', () => {
    assert.deepEqual(permissionsOf({ base: [], 'team-01': [pull] }), [
      { Resource: 'team-01', Actions: [pull] },
    ])
  })

  it('are summed up by level', () => {
    const grants = grantsOf([
      { Resource: 'b', Actions: [pull] },
      { Resource: 'a', Actions: [pull, push, create, 'tcr:DeleteImage'] },
      { Resource: 'c', Actions: [push] },
    ])
    assert.deepEqual(summarizeGrants(grants), {
      read: ['b'],
      write: ['a'],
      deletes: ['a'],
      custom: ['c'],
    })
  })
})
