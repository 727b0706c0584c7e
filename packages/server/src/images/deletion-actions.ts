// Own actions: what deleting tags or a digest would take.

import {
  describeManifestDeletion,
  describeTagDeletion,
} from '@entrepot/contract/entrepot/deletions.ts'
import { type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { countPulls, recentMs } from '../audit/recent-pulls.ts'
import { listUsers } from '../manifests/delete.ts'
import { getBinDays } from '../recycle-bin/deletions.ts'
import { listReferrersOf, listTagsOfManifest, sumPulls } from './artifact-queries.ts'
import { getManifest, getRepository, pathOf } from './reading.ts'
import { findTagRows, namedSiblings, readTagRows } from './tag-rows.ts'

/** As in DescribeManifest. */
const shownTags = { offset: 0, limit: 100 }

export const imageDeletionHandlers: readonly Handler[] = [
  read(describeTagDeletion, async ({ ground, db, instance, input, nowMs }) => {
    const { heavy } = ground.db
    const repository = await getRepository(db, instance, pathOf(input))
    const asked = new Set(input.Tags)
    const ids = await findTagRows(heavy, repository.id, [...asked])
    const rows = await readTagRows(heavy, ids)
    const pulls = await countPulls(heavy, {
      ownerUin: instance.ownerUin,
      instanceId: instance.id,
      path: repository.path,
      since: nowMs - recentMs,
    })
    const going = new Map<string, number>()
    for (const { digest } of rows) going.set(digest, (going.get(digest) ?? 0) + 1)
    const tags = []
    let untagged = 0
    for (const row of rows) {
      const goingToo = (going.get(row.digest) ?? 1) - 1
      const staying = Number(row.siblings) - goingToo
      // All of a digest's tags that go are counted once, at the first of them.
      if (staying === 0 && rows.find(({ digest }) => digest === row.digest) === row) untagged += 1
      const few = { offset: 0, limit: asked.size + namedSiblings }
      const named =
        staying === 0 ? [] : (await listTagsOfManifest(heavy, row.manifest_id, few)).tags
      tags.push({
        Tag: row.name,
        Digest: row.digest,
        StayingTags: named
          .map(({ name }) => name)
          .filter((name) => !asked.has(name))
          .slice(0, namedSiblings),
        StayingTagCount: staying,
        ReferrerCount: Number(row.referrers),
        RecentPulls: pulls.get(row.name) ?? 0,
        LastPullTime: timeOrNull(row.last_pulled_at),
      })
    }
    const BinDays = await getBinDays(db, instance.id)
    return { Tags: tags, UntaggedCount: untagged, BinDays }
  }),

  read(describeManifestDeletion, async ({ ground, db, instance, input, nowMs }) => {
    const { heavy } = ground.db
    const repository = await getRepository(db, instance, pathOf(input))
    const manifest = await getManifest(db, repository, input.Digest)
    const { tags, total } = await listTagsOfManifest(heavy, manifest.id, shownTags)
    const subject = { repositoryId: repository.id, digest: manifest.digest }
    const referrers = await listReferrersOf(heavy, subject, undefined, { offset: 0, limit: 0 })
    const pulls = await countPulls(heavy, {
      ownerUin: instance.ownerUin,
      instanceId: instance.id,
      path: repository.path,
      since: nowMs - recentMs,
    })
    const references = [manifest.digest, ...tags.map(({ name }) => name)]
    const { lastPulledAt } = await sumPulls(heavy, manifest.id)
    return {
      Tags: tags.map(({ name }) => name),
      TagCount: total,
      ReferrerCount: referrers.total,
      Indexes: [...(await listUsers(heavy, repository.id, manifest.digest))],
      Size: manifest.contentBytes,
      BinDays: await getBinDays(db, instance.id),
      RecentPulls: references.reduce((sum, one) => sum + (pulls.get(one) ?? 0), 0),
      LastPullTime: timeOrNull(lastPulledAt),
    }
  }),
]

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}
