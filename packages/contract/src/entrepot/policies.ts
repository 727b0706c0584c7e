// Policies tried out, and what they leave to the caller (2 actions).

import { type Action, operation, self } from '../action.ts'
import { maxPolicyChars, tags } from '../cam/parameters.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
} from '../fields.ts'
import { action } from './parameters.ts'

const statement = structure('ConsideredStatement', 'A statement about the action', '相关语句', {
  Set: oneOf(
    ['Identity', 'Boundary', 'Session'],
    'Whence: policies of the person, boundary, session policy',
    '来源：身份策略、权限边界、会话策略',
  ),
  PolicyId: nullable(
    integer('Number of the policy; null: the one given here', '策略 ID，为空表示请求中给出的策略'),
  ),
  PolicyName: nullable(text('Name of the policy', '策略名称')),
  GroupId: nullable(integer('The group that brings it', '带来该策略的用户组 ID')),
  StatementIndex: integer('Which statement of it, from 0', '第几条语句，从 0 开始'),
  Effect: oneOf(['allow', 'deny'], 'What it says', '语句效力'),
  CoversResource: flag('True: it is about the resource', 'true 为匹配该资源'),
  ConditionsHold: flag('True: its conditions hold', 'true 为条件成立'),
})

export const simulatePolicy = action('SimulatePolicy', {
  doc: {
    en: 'Tells whether somebody may do an action on a resource, and which statement decides. Changes nothing.',
    zh: '判断某身份能否对资源执行某接口，以及由哪条语句决定；不做任何更改。',
  },
  kind: 'read',
  access: operation,
  permission: 'cam:SimulatePolicy',
  input: {
    TargetUin: integer('The person; this or RoleId', '用户的 uin，与 RoleId 二选一', { min: 1 }),
    RoleId: text('The role; this or TargetUin', '角色 ID，与 TargetUin 二选一', { maxChars: 64 }),
    Action: required(
      text('For example tcr:PullRepository', '接口，如 tcr:PullRepository', {
        minChars: 1,
        maxChars: 128,
      }),
    ),
    Resources: list(
      text('A resource in six segments', '资源六段式', { minChars: 1, maxChars: 1024 }),
      'What it is done on, all of which must be allowed; left out: an action about none',
      '资源列表，须全部允许；不传表示操作级接口',
      { maxItems: 20 },
    ),
    Address: text('From this address; the caller’s unless told', '来源地址，默认为调用者的地址', {
      maxChars: 64,
    }),
    Time: text('At this time, ISO 8601; now unless told', '时间，ISO 8601，默认为当前时间', {
      maxChars: 64,
    }),
    MfaUsed: flag('True: logged in with MFA', 'true 为经过 MFA 验证'),
    RequestTags: tags,
    PolicyDocument: text(
      'A policy to try as if it were attached as well, JSON',
      '一并试算的策略，视为已关联，JSON',
      { minChars: 2, maxChars: maxPolicyChars },
    ),
    PolicyId: integer(
      'The policy that PolicyDocument is a draft of, and takes the place of; left out: of none',
      'PolicyDocument 所修改的策略 ID，试算时代替该策略；不传表示不代替',
      { min: 1 },
    ),
  },
  output: {
    Allowed: flag('True: it may', 'true 为允许'),
    Decision: oneOf(
      [
        'Root',
        'Allow',
        'ExplicitDeny',
        'DefaultDeny',
        'BoundaryDeny',
        'SessionDeny',
        'OtherAccount',
      ],
      'Why: a main account; a statement allows; a statement denies; nothing allows; boundary or session policy does not allow; of another account',
      '原因：主账号、语句允许、语句拒绝、无语句允许、权限边界未允许、会话策略未允许、属于其他主账号',
    ),
    DecidedBy: nullable(object(statement, 'The statement that decided', '起决定作用的语句')),
    Considered: listOf(statement, 'All statements about the action', '与该接口相关的全部语句'),
  },
})

const maxAsked = 200
const anyAction = {
  pattern: /^[a-z]{1,32}:[A-Za-z0-9]{1,95}$/,
  words: {
    en: 'an action as policies name it, without *: tcr:CreateNamespace',
    zh: '策略中的接口名称，不含 *，如 tcr:CreateNamespace',
  },
}

const askedRight = structure('AskedRight', 'What is asked', '待查询的权限', {
  Action: required(
    text(
      'An action: tcr:CreateNamespace, entrepot:DescribeJobs; or what `docker` needs: tcr:PullRepository',
      '接口，如 tcr:CreateNamespace、entrepot:DescribeJobs；或 docker 所需的 tcr:PullRepository',
      { rule: anyAction },
    ),
  ),
  Resource: text(
    'The last segment: repository/tcr-a/team; with `*`: whether it may be done on anything that begins so; left out: on anything at all',
    '资源的最后一段，如 repository/tcr-a/team；含 * 表示以此开头的任一资源；不传表示任一资源',
    { minChars: 1, maxChars: 1024 },
  ),
})

const ownRight = structure('OwnRight', 'An answer', '查询结果', {
  Action: text('What was asked', '接口'),
  Resource: nullable(text('What was asked', '资源')),
  Allowed: flag('True: the caller may', 'true 为允许'),
})

export const describeOwnRights = action('DescribeOwnRights', {
  doc: {
    en: 'Tells which actions the caller may do, on what, from where he is and with the factors he showed. A call may be refused for other reasons still.',
    zh: '查询调用者当前（按来源地址与登录方式）可执行的接口；实际调用仍可能因其他原因失败。',
  },
  kind: 'read',
  access: self,
  permission: 'cam:DescribeOwnRights',
  // Every page of a console asks.
  ratePerSecond: 100,
  input: {
    Asked: required(
      list(
        object(askedRight, 'An action and a resource', '接口与资源'),
        'What is asked',
        '待查询的权限',
        {
          minItems: 1,
          maxItems: maxAsked,
        },
      ),
    ),
  },
  output: {
    Rights: listOf(
      ownRight,
      'The answers, in the order of what was asked',
      '查询结果，与请求顺序一致',
    ),
  },
})

export const policyActions: readonly Action[] = [simulatePolicy, describeOwnRights]
