// Deleting past the recycle bin: the rows go at once, the bytes with the clean-up.

import { deletePermanently } from '@entrepot/contract/entrepot/recycle-bin.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { parseDigest } from '@entrepot/oci/digest.ts'
import { assertMayDo } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler } from '../actions/define.ts'
import { getRepository, pathOf } from '../images/reading.ts'
import { deleteManifest } from '../manifests/delete.ts'
import { deleteRepository } from '../repositories/delete.ts'
import { deleteTags } from '../tags/tags.ts'

type Call = ChangeCall<typeof deletePermanently>

export const permanentDeletionHandlers: readonly Handler[] = [
  change(
    deletePermanently,
    async (call) => {
      const { instance, input } = call
      const isRepository = input.Kind === 'Repository'
      const right = isRepository ? 'tcr:DeleteRepository' : 'tcr:DeleteImage'
      await assertMayDo(call, right, [`repository/${instance.id}/${pathOf(input)}`])
      return { DeletedTags: await remove(call) }
    },
    undefined,
    ({ Tags, Digest }) => ({ reference: Tags?.join(',') || Digest || '' }),
  ),
]

async function remove({
  tx,
  at,
  origin,
  instance,
  input,
}: Pick<Call, 'tx' | 'at' | 'origin' | 'instance' | 'input'>): Promise<readonly string[]> {
  const path = pathOf(input)
  const final = { instance, origin, at, cause: 'user', isFinal: true } as const
  switch (input.Kind) {
    case 'Repository':
      await deleteRepository(tx, { ...final, path, withImages: true })
      return []
    case 'Manifest': {
      const digest = parseDigest(input.Digest ?? '')
      if (!digest) {
        throw invalidValue('Digest', {
          en: 'must be sha256: or sha512: and lower-case hex digits',
          zh: '应为 sha256: 或 sha512: 加小写十六进制数字',
        })
      }
      const repository = await getRepository(tx, instance, path)
      return (await deleteManifest(tx, { ...final, repository, digest })).deletedTags
    }
    case 'Tag': {
      const tags = [...new Set(input.Tags ?? [])]
      if (tags.length === 0) {
        throw invalidValue('Tags', { en: 'must name a tag', zh: '应至少包含一个版本' })
      }
      const repository = await getRepository(tx, instance, path)
      await deleteTags(tx, { ...final, repository }, tags)
      return tags
    }
  }
}
