// What a rule would do now: the run's own judgement, without its writes.

import type { ActionReply } from '@entrepot/contract/action.ts'
import type { describeRetentionPreview } from '@entrepot/contract/entrepot/retention.ts'
import type { Database } from '../db/database.ts'
import { findCoverage } from '../immutability/queries.ts'
import { compileRule, openJudge, type RuleItem } from './retention.ts'
import { type FoundRepository, listRepositories, walkTags } from './walk.ts'

/** Some seconds of a worker's time: it is asked while somebody types. */
const maxLookedAt = 200_000
const maxListed = 100
const maxExamples = 10

type Reply = ActionReply<typeof describeRetentionPreview>
type Previewed = Reply['Repositories'][number]

interface Asked {
  readonly namespaceId: string
  readonly items: readonly RuleItem[]
  readonly now: number
}

export async function previewRule(
  db: Pick<Database, 'read' | 'heavy'>,
  { namespaceId, items, now }: Asked,
): Promise<Reply> {
  const rule = compileRule(items)
  const { untagged_days: days } = await db.read
    .selectFrom('namespaces')
    .select('untagged_days')
    .where('id', '=', namespaceId)
    .executeTakeFirstOrThrow()
  const untaggedDays = days ?? undefined
  let [total, retained, coveredCount, untouchedCount, isWhole] = [0, 0, 0, 0, true]
  const untouched: string[] = []
  let repositories: Previewed[] = []
  for (let last = ''; isWhole; ) {
    const found = await listRepositories(db.heavy, namespaceId, last)
    for (const repository of found) {
      const covering = rule.covering(repository.name)
      if (!covering) {
        untouchedCount += 1
        if (untouched.length < maxListed) untouched.push(repository.name)
        continue
      }
      coveredCount += 1
      const immutable = await findImmutable(db, repository)
      const judge = openJudge({ covering, now, untaggedDays, immutable })
      const one = await previewRepository(db, repository, judge, maxLookedAt - total)
      total += one.Total
      retained += one.Retained
      repositories.push(one)
      isWhole = total < maxLookedAt
      if (!isWhole) break
    }
    repositories = mostRemoved(repositories)
    const end = found.at(-1)
    if (!end) break
    last = end.path
  }
  return {
    Total: total,
    Retained: retained,
    Repositories: repositories,
    CoveredCount: coveredCount,
    Untouched: untouched,
    UntouchedCount: untouchedCount,
    IsWhole: isWhole,
  }
}

async function findImmutable(db: Pick<Database, 'read'>, repository: FoundRepository) {
  const coverage = await findCoverage(db.read, repository)
  return coverage && { number: coverage.rule.number, covers: coverage.covers }
}

async function previewRepository(
  db: Pick<Database, 'heavy'>,
  repository: FoundRepository,
  judge: ReturnType<typeof openJudge>,
  max: number,
): Promise<Previewed> {
  const examples: string[] = []
  let [total, retained, immutable] = [0, 0, 0]
  for await (const tags of walkTags(db.heavy, repository.id)) {
    for (const tag of tags) {
      const { fate, reason } = judge.judge(tag)
      total += 1
      if (fate === 'kept') retained += 1
      else if (examples.length < maxExamples) examples.push(tag.name)
      if (reason === 'immutable') immutable += 1
    }
    if (total >= max) break
  }
  return {
    RepositoryName: repository.name,
    Total: total,
    Retained: retained,
    Immutable: immutable,
    Examples: examples,
  }
}

function mostRemoved(repositories: readonly Previewed[]): Previewed[] {
  const removed = ({ Total, Retained }: Previewed) => Total - Retained
  return repositories.toSorted((a, b) => removed(b) - removed(a)).slice(0, maxListed)
}
