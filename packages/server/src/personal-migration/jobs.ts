// Copies what an account has in the Personal edition, repository by repository: first all manifests (untagged ones and
// what is about an image too), then the tags. After a crash it goes on at the last tag; manifests that are there are
// passed over. What is pushed to a repository after its turn stays behind: asked for again, it is brought too.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Tag } from '@entrepot/oci/reference.ts'
import type { FoundManifest } from '../images/queries.ts'
import { fromRow, type Instance } from '../instances/instances.ts'
import { defineJob, type JobContext, type JobDefinition } from '../jobs/jobs.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import {
  type CopyGround,
  copyManifest,
  type Destination,
  findCopied,
  findSourceManifest,
  openDestination,
  putCopied,
} from './copy.ts'
import { findMigration, type Migration, migrationJob, updateMigration } from './migrations.ts'
import {
  countSources,
  listDigests,
  listTagsAfter,
  nextRepository,
  type SourceRepository,
} from './sources.ts'

export function personalMigrationJobs(ground: CopyGround): readonly JobDefinition[] {
  return [defineJob({ kind: migrationJob, parse: () => undefined, run: (job) => run(ground, job) })]
}

async function run(ground: CopyGround, job: JobContext<undefined>): Promise<void> {
  const { id } = job.job
  const migration = await findMigration(job.db.read, id)
  if (!migration || migration.endedAt !== null) return
  try {
    await migrate(new Running(ground, job, migration))
    await end('succeeded', null)
  } catch (error) {
    // A refusal would be the same in the next attempt: the person has to make room, and ask again.
    if (!(error instanceof ApiError) || error.status >= 500) throw error
    await end('failed', error.words.en)
  }

  async function end(state: 'succeeded' | 'failed', reason: string | null): Promise<void> {
    await job.write(async (tx) => {
      const at = await ground.clock.deployment(tx)
      await updateMigration(tx, id, { state, reason, ended_at: at })
    })
  }
}

/** How far a run is. */
class Running {
  readonly ground: CopyGround
  readonly job: JobContext<undefined>
  readonly migration: Migration
  repositoriesDone: number
  tagsDone: number
  tagsFailed: number
  path: string
  tag: string

  constructor(ground: CopyGround, job: JobContext<undefined>, migration: Migration) {
    this.ground = ground
    this.job = job
    this.migration = migration
    this.repositoriesDone = migration.repositoriesDone
    this.tagsDone = migration.tagsDone
    this.tagsFailed = migration.tagsFailed
    this.path = migration.cursor.path
    this.tag = migration.cursor.tag
  }

  get progress() {
    return {
      repositories_done: this.repositoriesDone,
      tags_done: this.tagsDone,
      tags_failed: this.tagsFailed,
      cursor: { path: this.path, tag: this.tag },
    }
  }
}

async function migrate(running: Running): Promise<void> {
  const { job, migration } = running
  const { ownerUin, pairs, id } = migration
  const scope = { ownerUin, namespaces: pairs.map(({ from }) => from) }
  const { repositories, tags } = await countSources(job.db.heavy, scope)
  await job.write((tx) =>
    updateMigration(tx, id, { state: 'running', repository_count: repositories, tag_count: tags }),
  )
  for (;;) {
    job.signal.throwIfAborted()
    const source = await nextRepository(job.db.read, scope, running.path)
    if (!source) return
    await copyRepository(running, source)
    running.repositoriesDone += 1
    running.path = source.path
    running.tag = ''
    await job.write((tx) => updateMigration(tx, id, running.progress))
    await job.progress({ repositories: running.repositoriesDone, tags: running.tagsDone })
  }
}

async function copyRepository(running: Running, source: SourceRepository): Promise<void> {
  const { ground, job, migration } = running
  const slash = source.path.indexOf('/')
  const name = source.path.slice(0, slash)
  const to = migration.pairs.find(({ from }) => from === name)?.to ?? name
  const instance = await getInstance(job, migration.instanceId)
  const namespace = await findNamespace(job.db.read, instance.id, to)
  if (!namespace) throw namespaceUnknown(to)
  const path = `${to}${source.path.slice(slash)}`
  const destination = await openDestination(ground, job, { instance, namespace }, path)
  const failed = await copyManifests(running, source, destination)
  await copyTags(running, source, destination, failed)
}

async function getInstance(job: JobContext<undefined>, id: string): Promise<Instance> {
  const row = await job.db.read
    .selectFrom('instances')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  if (!row) throw new ApiError('INSTANCE_NOT_RUNNING')
  return fromRow(row)
}

/** Returns the digests that could not be copied. */
async function copyManifests(
  running: Running,
  source: SourceRepository,
  to: Destination,
): Promise<ReadonlySet<string>> {
  const { job } = running
  const failed = new Set<string>()
  for (let after = ''; ; ) {
    const page = await listDigests(job.db.read, source.id, after)
    for (const { digest } of page) {
      job.signal.throwIfAborted()
      if (await findCopied(job.db.read, to, { digest })) continue
      const manifest = await findSourceManifest(job.db.read, source, digest)
      if (manifest && !(await copyOne(running, { source, manifest, to }))) failed.add(digest)
    }
    const last = page.at(-1)
    if (!last) return failed
    after = last.id
  }
}

/** False: what it names is lost here. */
async function copyOne(
  { ground, job }: Running,
  copy: {
    readonly source: SourceRepository
    readonly manifest: FoundManifest
    readonly to: Destination
  },
): Promise<boolean> {
  try {
    await copyManifest(ground, job, copy)
    return true
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'MANIFEST_BLOB_UNKNOWN') throw error
    job.log(`${copy.source.path}@${copy.manifest.digest}: ${error.words.en}`)
    return false
  }
}

async function copyTags(
  running: Running,
  source: SourceRepository,
  to: Destination,
  failed: ReadonlySet<string>,
): Promise<void> {
  const { job, migration } = running
  for (;;) {
    const page = await listTagsAfter(job.db.read, source.id, running.tag)
    if (page.length === 0) return
    for (const { name, digest } of page) {
      job.signal.throwIfAborted()
      const manifest = await findSourceManifest(job.db.read, source, digest)
      const problem = manifest
        ? await copyTag(running, { source, manifest, to }, name, failed)
        : undefined
      if (problem === undefined) continue
      job.log(`${source.path}:${name}: ${problem}`)
      running.tagsFailed += 1
      running.tag = name
      await job.write((tx) => updateMigration(tx, migration.id, running.progress))
    }
    running.tag = page.at(-1)?.name ?? ''
  }
}

/** Undefined: it is there now. */
async function copyTag(
  running: Running,
  copy: {
    readonly source: SourceRepository
    readonly manifest: FoundManifest
    readonly to: Destination
  },
  name: string,
  failed: ReadonlySet<string>,
): Promise<string | undefined> {
  const { ground, job, migration } = running
  const { manifest, to } = copy
  if (failed.has(manifest.digest)) return 'what it names could not be copied'
  const there = await findCopied(job.db.read, to, { tag: name })
  if (there && there.digest !== manifest.digest && !migration.overrides) {
    return tagIsTaken
  }
  // Pushed since the manifests had their turn.
  const isCopied = (await findCopied(job.db.read, to, { digest: manifest.digest })) !== undefined
  if (!isCopied && !(await copyOne(running, copy))) return 'what it names could not be copied'
  running.tagsDone += 1
  running.tag = name
  const { progress } = running
  // Tags are parsed before they are stored.
  const keepsTags = !migration.overrides
  try {
    await putCopied(ground, job, { manifest, to, keepsTags }, [name as Tag], (tx) =>
      updateMigration(tx, migration.id, progress),
    )
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'TAG_EXISTS')) throw error
    // Somebody pushed it since we looked.
    running.tagsDone -= 1
    return tagIsTaken
  }
  return undefined
}

const tagIsTaken = 'the tag is there already and names another image'
