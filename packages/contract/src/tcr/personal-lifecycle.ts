// Personal edition: the rule by which old tags go (4 actions). One of the account holds in the whole region.

import { type Action, on } from '../action.ts'
import { integer, listOf, object, oneOf, required, structure, text } from '../fields.ts'
import { action, totalCount } from './parameters.ts'
import { creationTime, repoName } from './personal-fields.ts'
import { maxRetentionValue } from './retention.ts'

const value = integer('How many days, or tags', '天数或版本个数', {
  min: 1,
  max: maxRetentionValue,
})

export const manageImageLifecycleGlobalPersonal = action('ManageImageLifecycleGlobalPersonal', {
  doc: {
    en: 'Sets the rule by which old tags of all the account’s repositories go.',
    zh: '设置账号全部个人版镜像仓库的版本清理规则。',
  },
  kind: 'write',
  access: on('repo/*'),
  input: {
    Type: required(
      oneOf(
        ['global_keep_last_days', 'global_keep_last_nums'],
        'Keep what was pushed in the last days, or the newest tags of each repository',
        '保留最近若干天内推送的版本，或每个仓库最新的若干个版本',
      ),
    ),
    Val: required(value),
  },
  output: {},
})

const strategy = structure('AutoDelStrategyInfo', 'A rule', '清理规则', {
  Username: text('The account’s uin', '账号 uin'),
  RepoName: repoName,
  Type: oneOf(
    ['keep_last_days', 'keep_last_nums', 'global_keep_last_days', 'global_keep_last_nums'],
    'What it keeps, in one repository or in all',
    '保留方式，针对单个仓库或全部仓库',
  ),
  Value: value,
  Valid: integer('1: it holds', '1 表示生效', { values: [0, 1] }),
  CreationTime: creationTime,
})

const strategies = structure('AutoDelStrategyInfoResp', 'Rules', '清理规则列表', {
  TotalCount: totalCount,
  StrategyInfo: listOf(strategy, 'The rules', '清理规则列表'),
})

export const describeImageLifecycleGlobalPersonal = action('DescribeImageLifecycleGlobalPersonal', {
  doc: {
    en: 'Tells the rule by which old tags of all the account’s repositories go.',
    zh: '查询账号全部个人版镜像仓库的版本清理规则。',
  },
  kind: 'read',
  access: on('repo/*'),
  input: {},
  output: { Data: object(strategies) },
})

export const deleteImageLifecycleGlobalPersonal = action('DeleteImageLifecycleGlobalPersonal', {
  doc: {
    en: 'Deletes the rule by which old tags go; they stay from now on.',
    zh: '删除账号的版本清理规则，之后不再自动清理。',
  },
  kind: 'write',
  access: on('repo/*'),
  input: {},
  output: {},
})

export const describeImageLifecyclePersonal = action('DescribeImageLifecyclePersonal', {
  doc: {
    en: 'Tells the rule by which old tags of a repository go.',
    zh: '查询个人版镜像仓库的版本清理规则。',
  },
  kind: 'read',
  access: on('repo/{RepoName}'),
  input: { RepoName: required(repoName) },
  output: { Data: object(strategies) },
})

export const personalLifecycleActions: readonly Action[] = [
  manageImageLifecycleGlobalPersonal,
  describeImageLifecycleGlobalPersonal,
  deleteImageLifecycleGlobalPersonal,
  describeImageLifecyclePersonal,
]
