// Deleting an image by its digest: all its tags go with it, and what is about it. All are named before.

import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import type { RepositoryAt } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { Bytes } from '../../patterns/shown.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { useForGood } from '../repositories/for-good.tsx'
import { KeptFor } from '../repositories/kept-for.tsx'
import { inRepository, useRepositoryRights } from '../repositories/repository-input.ts'
import { artifactWord } from './artifact-type.ts'

interface DeleteDigestProps {
  readonly at: RepositoryAt
  readonly digest: string
  onClose(): void
  onDone?(): void
}

/** More than that are counted and not named. */
const maxNamed = 100

export function DeleteDigest({ at, digest, onClose, onDone }: DeleteDigestProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteManifest')
  const removeForGood = useChange('DeletePermanently')
  const { mayDeleteForGood } = useRepositoryRights(at)
  const { isForGood, box } = useForGood({ mayChoose: mayDeleteForGood, isDigest: true })
  const { data, error, isFetching } = useRead('DescribeManifest', {
    ...inRepository(at),
    Reference: digest,
  })
  const { data: about } = useRead('DescribeReferrers', {
    ...inRepository(at),
    Digest: digest,
    Limit: maxNamed,
  })
  const { data: taken } = useRead('DescribeManifestDeletion', {
    ...inRepository(at),
    Digest: digest,
  })
  const typed = shortDigest(digest)
  return (
    <Confirm
      title={t('images.deleteTitle', { digest: typed })}
      verb={t('images.deleteVerb')}
      typeName={typed}
      isWaiting={isFetching || about === undefined}
      run={async () => {
        const input = { ...inRepository(at), Digest: digest }
        if (isForGood) await removeForGood.mutateAsync({ ...input, Kind: 'Manifest' })
        else await remove.mutateAsync(input)
      }}
      onClose={onClose}
      onDone={() => {
        tell(t('images.deleted', { digest: typed }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {data && (
        <>
          <p>
            {t('images.deleteAbout')} {!isForGood && <KeptFor days={taken?.BinDays} />}
          </p>
          <Facts
            facts={[
              { label: t('repositories.size'), value: <Bytes value={sizeOf(data)} /> },
              {
                label: t('images.tagsThatGo', { n: data.TagCount }),
                value: <Names names={data.Tags} total={data.TagCount} />,
              },
              {
                label: t('images.referrersOf', { n: data.ReferrerCount }),
                value: (
                  <Names
                    names={(about?.Referrers ?? []).map(
                      (one) => `${artifactWord(one.ArtifactType, t)} ${shortDigest(one.Digest)}`,
                    )}
                    total={data.ReferrerCount}
                  />
                ),
              },
            ]}
          />
          {box}
        </>
      )}
    </Confirm>
  )
}

/** An index is as large as what it names. */
function sizeOf({ Kind, Size, Platforms }: Reply<'DescribeManifest'>): number {
  if (Kind !== 'Index') return Size
  return Platforms.reduce((sum, one) => sum + (one.IsPresent ? one.Size : 0), Size)
}

function Names({ names, total }: { readonly names: readonly string[]; readonly total: number }) {
  if (names.length === 0) return <span className="quiet">–</span>
  return (
    <ul className="lost">
      {names.map((name) => (
        <li key={name}>
          <bdi>{name}</bdi>
        </li>
      ))}
      {total > names.length && <li>{`+${total - names.length}`}</li>}
    </ul>
  )
}
