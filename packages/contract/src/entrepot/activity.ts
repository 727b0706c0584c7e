// What has just happened at registries, and what was refused there (2 actions).

import { type Action, self } from '../action.ts'
import { integer, listOf, nullable, oneOf, structure, text, withDefault } from '../fields.ts'
import { action, time } from './parameters.ts'

const registryIdFilter = text('Only of this instance', '只查询该实例', { maxChars: 64 })

/** Entries of a page; what is older is in the audit log. */
const maxEntries = 100

const count = withDefault(
  integer('Entries, 100 at most', '条数，最大 100', { max: maxEntries }),
  20,
)

const activity = structure('Activity', 'Something that happened', '动态', {
  ActivityId: text('Its id: the same in each answer', '动态 ID，多次查询保持不变'),
  Kind: oneOf(
    ['Login', 'Upload', 'Push', 'Refusal'],
    'Somebody logged in, is sending a layer now, pushed an image, was refused',
    '登录、正在上传某一层、推送完成、被拒绝',
  ),
  Time: time('When', '时间'),
  RegistryId: text('At which instance', '实例 ID'),
  NamespaceName: nullable(text('In which namespace', '命名空间')),
  RepositoryName: nullable(text('In which repository', '镜像仓库')),
  Tags: text(
    'Of a push: its tags, divided by commas; empty: by digest',
    '推送的版本，逗号分隔，为空表示按摘要推送',
  ),
  Digest: nullable(
    text('Of a push: the digest that its first tag has now', '推送的摘要（首个版本当前的摘要）'),
  ),
  Size: nullable(
    integer(
      'Of a push: bytes of the image, null for an index; of an upload: bytes that arrived',
      '推送：镜像大小，镜像索引为空；上传：已收到的字节数',
    ),
  ),
  Actor: text('Who', '操作者'),
  Address: nullable(text('From where', '来源地址')),
  Agent: nullable(text('With which client', '客户端标识')),
  Reason: nullable(
    text('Of a refusal: as DescribeRefusals has it', '被拒绝的原因，同 DescribeRefusals'),
  ),
  Count: integer('How often within the second', '同一秒内的次数'),
})

export const describeActivity = action('DescribeActivity', {
  doc: {
    en: 'Shows what happened last at registries, newest first: made to be asked every two seconds. Pushes and uploads are those of repositories that the caller may list; logins and refusals his own, or all where he may read the audit log.',
    zh: '查询镜像仓库的最新动态，按时间倒序，可每两秒轮询。推送与上传限于可见的仓库；登录与拒绝限于本人，可查看操作审计者不限。',
  },
  kind: 'read',
  access: self,
  permission: 'tcr:DescribeActivity',
  ratePerSecond: 100,
  input: {
    RegistryId: registryIdFilter,
    NamespaceName: text('Only of this namespace', '只查询该命名空间', { maxChars: 256 }),
    Since: text(
      'Only what is newer: `Next` of the answer before; left out: of the last day. Open uploads always come',
      '只查询更新的动态，传上次返回的 Next；不传为最近一天；进行中的上传始终返回',
      { maxChars: 64 },
    ),
    Limit: count,
  },
  output: {
    Activities: listOf(activity, 'What happened', '动态列表'),
    Next: text(
      'For `Since` of the next call. It lies a little back, so that nothing is lost: an entry may come twice, with the same ActivityId',
      '供下次调用的 Since 使用；略有回退以免遗漏，同一动态可能重复返回，ActivityId 相同',
    ),
  },
})

export const refusalReasons = [
  'UnknownHost',
  'WrongCredential',
  'CredentialDisabled',
  'CredentialExpired',
  'AccountSuspended',
  'OtherInstance',
  'TooManyAttempts',
  'LoginNeeded',
  'TokenTooNarrow',
  'NoPermission',
  'DeniedByPolicy',
  'NamespaceMissing',
  'ReadOnly',
] as const

const refusal = structure('RegistryRefusal', 'What was refused', '被拒绝的请求', {
  RefusalId: text('Its id', '记录 ID'),
  Time: time('When', '时间'),
  RegistryId: nullable(
    text('At which instance; null: the host names none', '实例 ID，为空表示主机名无对应实例'),
  ),
  Address: nullable(text('From where', '来源地址')),
  Agent: nullable(text('With which client', '客户端标识')),
  LoginName: nullable(
    text('User name as it was sent; null: without a login', '请求中的用户名，为空表示未登录'),
  ),
  Reason: oneOf(
    refusalReasons,
    'Host of no instance; unknown name or wrong secret; disabled; expired; account suspended; of another instance; too many failures; not public and not logged in; token asked for less than was done; no policy or permission allows it; a policy denies it; no such namespace; the instance is read-only',
    '原因：主机名无对应实例、用户名或密码错误、凭证已禁用、凭证已过期、账号已停用、凭证属于其他实例、失败次数过多、非公开且未登录、令牌范围不足、无权限、策略拒绝、命名空间不存在、实例只读',
  ),
  Permission: nullable(
    text('What was missing: tcr:PushRepository', '缺少的权限，如 tcr:PushRepository'),
  ),
  Resource: nullable(
    text(
      'On what, as policies write it: repository/tcr-a/team/app; of UnknownHost, the host',
      '资源，策略写法，如 repository/tcr-a/team/app；主机名无对应实例时为该主机名',
    ),
  ),
  Count: integer('How often within the second', '同一秒内的次数'),
})

export const describeRefusals = action('DescribeRefusals', {
  doc: {
    en: 'Shows what registries refused last, and why, newest first: logins and requests of the caller, or everybody’s where he may read the audit log.',
    zh: '按时间倒序查询镜像仓库最近拒绝的请求及原因：本人的登录与请求；可查看操作审计者可查询全部。',
  },
  kind: 'read',
  access: self,
  permission: 'tcr:DescribeRefusals',
  input: {
    RegistryId: registryIdFilter,
    Scope: withDefault(
      oneOf(
        ['Own', 'All'],
        'The caller’s own; or all of the account, which needs cloudaudit:DescribeEvents',
        '本人，或整个账号（需要 cloudaudit:DescribeEvents 权限）',
      ),
      'Own',
    ),
    Since: time('Only newer ones; left out: of the last seven days', '起始时间，默认最近 7 天'),
    Limit: count,
  },
  output: { Refusals: listOf(refusal, 'What was refused', '被拒绝的请求列表') },
})

export const activityActions: readonly Action[] = [describeActivity, describeRefusals]
