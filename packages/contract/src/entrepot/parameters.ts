// Fields and accesses that several groups of own actions share.
//
// What they are about keeps its place in policies: an own action on an instance and what lies in it is asked for as
// `tcr:…`, one on people as `cam:…`, one on the audit log as `cloudaudit:…`, so that `tcr:*` and the presets mean what
// they say. Only what runs the deployment is asked for as `entrepot:…`.

import { type Access, actionsOf, self } from '../action.ts'
import { integer, required, text, withDefault } from '../fields.ts'

export const action = actionsOf('entrepot')

/** One's own, or with `TargetUin` another person's, for which the handler asks for `uin/<uin>`. */
export const ownOrAsks: Access = self

/** Not `RegistryId`, which must be an instance of the caller's account: the operator reaches those of all accounts. */
export const targetRegistryId = required(
  text('Id of the instance, of any account', '实例 ID，可属于任意账号', {
    minChars: 1,
    maxChars: 64,
  }),
)

export const limit = withDefault(
  integer('Entries a page: 20 unless told, 200 at most', '每页条数，默认 20，最大 200'),
  20,
)

export const offset = withDefault(integer('How many to skip', '跳过的条数'), 0)

export const personUin = required(integer('Uin of the person', '用户的 uin', { min: 1 }))

/** Left out: the caller's own. */
export const ownerUin = integer('Whose; the caller unless told', '用户的 uin，默认为调用者', {
  min: 1,
})

export const time = (en: string, zh: string) =>
  text(`${en}, ISO 8601 UTC`, `${zh}，ISO 8601 UTC`, { maxChars: 64 })

/** `YYYY-MM-DD`, a day of UTC. */
export const day = (en: string, zh: string) =>
  text(`${en}, YYYY-MM-DD in UTC`, `${zh}，YYYY-MM-DD（UTC）`, {
    rule: {
      pattern: /^\d{4}-\d{2}-\d{2}$/,
      words: { en: 'a day as YYYY-MM-DD', zh: 'YYYY-MM-DD 形式的日期' },
    },
  })

export const digest = text('Digest: `sha256:` and 64 hex digits', '摘要，如 sha256:…', {
  minChars: 1,
  maxChars: 160,
})

export const jobId = text('Id of the job', '任务 ID', { maxChars: 64 })

/** What hashing a password costs grows with it. */
export const maxPasswordChars = 256

export const newPassword = text(
  'The new console password; left out: one of 32 characters is made',
  '新的控制台密码，不传时自动生成 32 位密码',
  { maxChars: maxPasswordChars, secret: true },
)

export const code = (en: string, zh: string) =>
  text(en, zh, { minChars: 1, maxChars: 32, secret: true })
