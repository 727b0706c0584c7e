// The repositories that a person marks for himself; they may be others' public ones.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Tx } from '../db/database.ts'

export const maxFavourites = 1000

/** One that is a favourite stays one. Throws LIMIT_EXCEEDED. */
export async function addFavourite(
  tx: Tx,
  uin: number,
  repositoryId: string,
  at: number,
): Promise<void> {
  const { count } = await tx
    .selectFrom('favourites')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  // Two at once may pass together: this bounds a list, not a quota.
  if (Number(count) >= maxFavourites) throw tooMany()
  await tx
    .insertInto('favourites')
    .values({ uin, repository_id: repositoryId, created_at: at })
    .onConflict((oc) => oc.columns(['uin', 'repository_id']).doNothing())
    .execute()
}

function tooMany(): ApiError {
  return new ApiError('LIMIT_EXCEEDED', {
    message: {
      en: `a person has at most ${maxFavourites} favourites; take some away first`,
      zh: `每个用户最多收藏 ${maxFavourites} 个仓库，请先取消部分收藏`,
    },
    detail: { limit: maxFavourites },
  })
}

/** False: it was none. */
export async function removeFavourite(tx: Tx, uin: number, repositoryId: string): Promise<boolean> {
  const removed = await tx
    .deleteFrom('favourites')
    .where('uin', '=', uin)
    .where('repository_id', '=', repositoryId)
    .executeTakeFirst()
  return removed.numDeletedRows > 0n
}
