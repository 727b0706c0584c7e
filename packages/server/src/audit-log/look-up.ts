// The API's actions that look the audit log up: pages of events, and the export.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { describeEvents, lookUpEvents } from '@entrepot/contract/cloudaudit/audit.ts'
import { exportAuditEvents } from '@entrepot/contract/entrepot/audit.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { deploymentLog } from '../audit/audit.ts'
import type { Queryable } from '../db/database.ts'
import { wantedBy } from './attributes.ts'
import { factsOf, lineOf, resourceTypeCn, secretIdOf } from './events.ts'
import {
  type AuditRow,
  type Found,
  findPlace,
  type Place,
  type Search,
  searchAudit,
} from './search.ts'

/** Reference of the API, "CloudAudit": so far back, and less than so long at a time. */
const maxAgeDays = 90
const maxSpanDays = 30
const daySeconds = 86_400

type Asking =
  | ReadCall<typeof describeEvents>
  | ReadCall<typeof lookUpEvents>
  | ReadCall<typeof exportAuditEvents>

export const lookUpHandlers: readonly Handler[] = [
  read(describeEvents, async (call) => {
    const { input, ground } = call
    checkTimes(input, call.nowMs)
    const after = await placeOfNumber(ground.db.heavy, input.NextToken, ownersOf(call))
    const found = await search(call, 'newest', after)
    return { ...(await pageOf(call, found)), NextToken: found.next?.id ?? 0 }
  }),

  read(lookUpEvents, async (call) => {
    checkTimes(call.input, call.nowMs)
    const found = await search(call, 'newest', placeOfText(call.input.NextToken))
    return { ...(await pageOf(call, found)), NextToken: textOf(found.next) }
  }),

  read(exportAuditEvents, async (call) => {
    checkOrder(call.input)
    const found = await search(call, 'oldest', placeOfText(call.input.NextToken))
    const lines = found.rows.map((row) => `${lineOf(row, call.region)}\n`)
    return {
      Lines: lines.join(''),
      Count: lines.length,
      NextToken: textOf(found.next),
      ListOver: found.next === undefined,
    }
  }),
]

/** An account's own log; the operator's account has the deployment's too. */
function ownersOf({ actor, ground }: Asking): readonly number[] {
  const own = actor.ownerUin
  return own === ground.operatorUin ? [own, deploymentLog] : [own]
}

async function search(
  call: Asking,
  order: Search['order'],
  after: Place | undefined,
): Promise<Found> {
  const { input, ground } = call
  const { heavy } = ground.db
  const owners = ownersOf(call)
  return searchAudit(heavy, ground.clock, {
    owners,
    from: input.StartTime * 1000,
    until: input.EndTime * 1000 + 999,
    wanted: await wantedBy(heavy, owners, input.LookupAttributes ?? []),
    order,
    after,
    limit: input.MaxResults,
  })
}

type Times = Pick<ActionInput<typeof describeEvents>, 'StartTime' | 'EndTime'>

function checkTimes(times: Times, nowMs: number): void {
  checkOrder(times)
  const { StartTime, EndTime } = times
  if (StartTime < nowMs / 1000 - maxAgeDays * daySeconds) {
    throw invalidValue('StartTime', {
      en: `must lie at most ${maxAgeDays} days back`,
      zh: `最早为 ${maxAgeDays} 天前`,
    })
  }
  if (EndTime - StartTime >= maxSpanDays * daySeconds) {
    throw invalidValue('EndTime', {
      en: `must lie less than ${maxSpanDays} days after StartTime`,
      zh: `与 StartTime 的跨度应小于 ${maxSpanDays} 天`,
    })
  }
}

function checkOrder({ StartTime, EndTime }: Times): void {
  if (EndTime >= StartTime && EndTime <= maxSeconds) return
  throw invalidValue('EndTime', { en: 'must not lie before StartTime', zh: '不能早于 StartTime' })
}

/** The last second that a `Date` can tell. */
const maxSeconds = 8_640_000_000_000

/** `<at>.<id>`: what both are nobody needs to know. */
function textOf(place: Place | undefined): string {
  return place ? `${place.at}.${place.id}` : ''
}

function placeOfText(token: string | undefined): Place | undefined {
  if (!token) return undefined
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(token)
  if (!match) throw wrongToken()
  return { at: Number(match[1]), id: Number(match[2]) }
}

/** A number is all that the reply has room for. */
async function placeOfNumber(
  db: Queryable,
  token: number | undefined,
  owners: readonly number[],
): Promise<Place | undefined> {
  if (!token) return undefined
  const place = await findPlace(db, token, owners)
  if (!place) throw wrongToken()
  return place
}

function wrongToken() {
  return invalidValue('NextToken', {
    en: 'must be of the page before; what it names may be too old to be kept',
    zh: '应为上一页返回的凭证；其指向的事件可能已超过保留时间',
  })
}

type Event = ActionReply<typeof lookUpEvents>['Events'][number]

async function pageOf(call: Asking, { rows, next }: Found) {
  const names = await findNames(call.ground.db.read, rows)
  return {
    Events: rows.map((row) => toWire(row, call.region, names)),
    TotalCount: rows.length,
    ListOver: next === undefined,
  }
}

function toWire(row: AuditRow, region: string, names: ReadonlyMap<string, string>): Event {
  const { product, resourceType, words } = factsOf(row)
  return {
    EventId: String(row.id),
    Username: names.get(row.actor) ?? row.actor,
    EventTime: String(Math.floor(row.at / 1000)),
    CloudAuditEvent: lineOf(row, region),
    ResourceTypeCn: resourceTypeCn(resourceType),
    ErrorCode: row.result === 'ok' ? 0 : 1,
    EventName: row.event,
    SecretId: secretIdOf(row.credential),
    EventSource: product,
    RequestID: row.request_id ?? '',
    ResourceRegion: region,
    AccountID: row.owner_uin,
    SourceIPAddress: row.address ?? '',
    EventNameCn: words.zh,
    Resources: { ResourceType: resourceType, ResourceName: row.resource_name },
    EventRegion: region,
    Location: null,
  }
}

/** Of people; others are called in rows as they are called. */
async function findNames(
  db: Queryable,
  rows: readonly AuditRow[],
): Promise<ReadonlyMap<string, string>> {
  const uins = new Set(rows.map((row) => row.actor).filter((actor) => /^\d{1,15}$/.test(actor)))
  if (uins.size === 0) return new Map()
  const people = await db
    .selectFrom('accounts')
    .select(['uin', 'name'])
    .where('uin', 'in', [...uins].map(Number))
    .execute()
  return new Map(people.map(({ uin, name }) => [String(uin), name]))
}
