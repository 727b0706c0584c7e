// A deployment with a million tags in one repository and a hundred thousand repositories in one instance.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, startServer } from '../test/clients/server.ts'
import { makeImage } from '../test/images/image.ts'
import { Registry } from '../test/images/registry.ts'
import { startPostgres } from '../test/postgres.ts'
import { onPostgres, onSqlite, type SeedDatabase } from './scale-rows.ts'

export const tagCount = 1_000_000
export const repositoryCount = 100_000
export const scaleNamespace = 'demo'
export const scaleRepository = 'demo/scale'

export interface ScaleDeployment {
  readonly server: RunningServer
  /** From the command to the first answer. */
  readonly startMs: number
}

/** Fills a new deployment, starts it and hands it to `use`; nothing of it is left. */
export async function withScale(
  database: string,
  use: (deployment: ScaleDeployment) => Promise<void>,
  settings: NodeJS.ProcessEnv = {},
): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'entrepot-scale-'))
  const postgres = database === 'postgres' ? await startPostgres() : undefined
  const env = {
    ...settings,
    ...(postgres && {
      ENTREPOT_DATABASE_URL: postgres.url,
      ENTREPOT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    }),
  }
  try {
    await makeTemplates(await startServer({ data, env }))
    await insertRows(postgres ? onPostgres(postgres.url) : onSqlite(join(data, 'entrepot.sqlite')))
    const begun = performance.now()
    const server = await startServer({ data, env })
    await use({ server, startMs: performance.now() - begun })
    await server.stop()
  } finally {
    await postgres?.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** One repository with one tag, from which the rows are multiplied. */
async function makeTemplates(server: RunningServer): Promise<void> {
  const registry = new Registry(server)
  await registry.pushImage(scaleRepository, 'template', makeImage({ seed: 'scale' }))
  registry.close()
  await server.stop()
}

async function insertRows(rows: SeedDatabase): Promise<void> {
  const begun = performance.now()
  await rows.multiply('tags', "name = 'template'", { prefix: 'v', column: 'name' }, tagCount)
  const paths = { prefix: `${scaleNamespace}/r`, column: 'path' }
  await rows.multiply('repositories', `path = '${scaleRepository}'`, paths, repositoryCount)
  // As the pushes of them would have counted.
  await rows.addUsage('tags', tagCount)
  await rows.addUsage('repositories', repositoryCount)
  await rows.close()
  console.error(`rows inserted in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

export function namesBetween(prefix: string, count: number, pageSize: number) {
  const name = (n: number) => `${prefix}${String(n).padStart(7, '0')}`
  return { start: '', middle: name(count / 2), end: name(count - pageSize - 1) }
}
