// What a sweep asks the operator before it goes on: then the database is likelier to be wrong than what it
// would take. A question stands in `meta` until a later sweep no longer has it; `entrepot verify
// --sweep-orphans` is the answer, and covers what was seen until then, not what comes later.

import type { Database, Queryable, Tx } from '../db/database.ts'

/** A sweep may take this share of the bytes without asking. */
const maxShare = 0.1
/** Below this many a tenth says nothing. */
const minCountToAsk = 100

const questionPrefix = 'sweep-question:'
const consentKey = 'sweep-consent-at'

export const olderThanStore = 'database older than its store'

export interface Question {
  readonly about: 'blobs' | 'objects'
  readonly reason: 'more than a tenth' | typeof olderThanStore
  readonly count: number
  readonly bytes: number
  readonly ofBytes: number
  readonly askedAt: number
}

interface Amount {
  readonly count: number
  readonly bytes: number
}

export function isTooMuch(taken: Amount, all: Amount): boolean {
  return all.count >= minCountToAsk && taken.bytes > all.bytes * maxShare
}

/** Of each place one question: it replaces the earlier one. Without a question the earlier one is settled. */
export async function askOperator(
  db: Pick<Database, 'read' | 'write'>,
  place: string,
  question: Question | undefined,
): Promise<void> {
  const key = questionPrefix + place
  if (!question) {
    const asked = await db.read
      .selectFrom('meta')
      .select('key')
      .where('key', '=', key)
      .executeTakeFirst()
    if (!asked) return
    await db.write((tx) => tx.deleteFrom('meta').where('key', '=', key).execute())
    return
  }
  await db.write((tx) => setMeta(tx, key, JSON.stringify(question)))
}

export async function listQuestions(db: Queryable): Promise<readonly Question[]> {
  const rows = await db
    .selectFrom('meta')
    .select('value')
    .where('key', 'like', `${questionPrefix}%`)
    .orderBy('key')
    .execute()
  return rows.map((row) => JSON.parse(row.value) as Question)
}

/** The operator agrees to the removal of all that a sweep has seen unnamed until now. */
export async function consentToSweep(tx: Tx, at: number): Promise<void> {
  await setMeta(tx, consentKey, String(at))
}

/** What was first seen until then may go; 0: the operator never agreed to anything. */
export async function findConsent(db: Queryable): Promise<number> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', consentKey)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}

async function setMeta(tx: Tx, key: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((oc) => oc.column('key').doUpdateSet({ value }))
    .execute()
}
