// The Personal edition of a region is one instance that all accounts share. Nobody owns it (its owner is 0), so that no
// action on instances finds it; whoever has a namespace in it has that only. Its name is a label of the base domain,
// as every instance's is, and shorter than another's may be. Its recycle bin keeps nothing: none of its users could
// look into it.

import { sql } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { fromRow, type Instance, newInstanceId } from '../instances/instances.ts'
import { StartError } from '../start-error.ts'

const nobody = 0

interface PersonalHost {
  readonly region: string
  /** Its host's label: `ccr`. */
  readonly name: string
  readonly backendId: string
  readonly at: number
}

/** At every start: makes it, or gives it the name that the settings have now. */
export async function ensurePersonalInstance(tx: Tx, host: PersonalHost): Promise<void> {
  const { region, name } = host
  const taken = await tx
    .selectFrom('instances')
    .select('id')
    .where('name', '=', name)
    .where((eb) => eb.or([eb('kind', '!=', 'personal'), eb('region', '!=', region)]))
    .executeTakeFirst()
  if (taken) {
    throw new StartError(
      `ENTREPOT_PERSONAL_NAME is ${name}, which is the name of the instance ${taken.id}: choose another`,
    )
  }
  await tx
    .insertInto('instances')
    .values({
      id: newInstanceId(),
      kind: 'personal',
      name,
      region,
      edition: 'basic',
      owner_uin: nobody,
      state: 'running',
      is_default: 0,
      anonymous_pull: 1,
      accept_sparse: 0,
      backend_id: host.backendId,
      expires_at: null,
      created_by: null,
      audit_days: null,
      bin_days: 0,
      created_at: host.at,
    })
    .onConflict((oc) =>
      oc
        .column('region')
        .where('kind', '=', sql.lit('personal'))
        .doUpdateSet({ name: sql`excluded.name`, bin_days: 0 }),
    )
    .execute()
}

/** Of this region: a started deployment has it. */
export async function getPersonalInstance(db: Queryable, region: string): Promise<Instance> {
  const row = await db
    .selectFrom('instances')
    .selectAll()
    .where('kind', '=', sql.lit('personal'))
    .where('region', '=', region)
    .executeTakeFirstOrThrow()
  return fromRow(row)
}

/** What `docker login` is given; without a base domain no host leads to it. */
export function personalHost({ name }: Instance, baseDomain: string | undefined): string {
  return baseDomain === undefined ? name : `${name}.${baseDomain}`
}
