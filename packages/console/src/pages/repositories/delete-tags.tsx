// Deleting tags: those that were asked for, and no others. The dialog says which tags of the same content stay, and
// what becomes of images that lose their last name.

import { call } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import type { RepositoryAt } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Count, Time } from '../../patterns/shown.tsx'
import { Banner, Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { enqueueAll } from './batches.ts'
import { ConfirmedWork } from './bulk-work.tsx'
import { useForGood } from './for-good.tsx'
import { KeptFor } from './kept-for.tsx'
import { inRepository, useRepositoryRights } from './repository-input.ts'
import type { TagRow } from './tag-columns.tsx'
import { planDeletion, type TagDeletion } from './tag-deletion.ts'
import { useByJob } from './use-by-job.ts'

/** What is known of a tag where it is shown. */
export type ShownTag = Pick<
  TagRow,
  | 'Tag'
  | 'Digest'
  | 'SameDigestTags'
  | 'SameDigestCount'
  | 'ReferrerCount'
  | 'PullCount'
  | 'LastPullTime'
> & { readonly IsImmutable?: boolean }

interface DeleteTagsProps {
  readonly at: RepositoryAt
  readonly tags: readonly ShownTag[]
  onClose(): void
  onDone?(): void
}

export function DeleteTags(props: DeleteTagsProps) {
  const [only] = props.tags
  if (props.tags.length === 1 && only) return <DeleteTag {...props} tag={only} />
  return <DeleteSeveral {...props} />
}

/** More siblings than that are counted and not named. */
const maxSiblings = 100

function DeleteTag({
  at,
  tag,
  onClose,
  onDone,
}: Omit<DeleteTagsProps, 'tags'> & { readonly tag: ShownTag }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { mayRestore, mayDeleteForGood } = useRepositoryRights(at)
  const { isForGood, box } = useForGood({ mayChoose: mayDeleteForGood })
  const remove = useRemoval(at, isForGood)
  const putBack = useUndo(at)
  const days = useBinDays(at, tag.Tag)
  const { data, error, isFetching } = useRead('DescribeTagsOfDigest', {
    ...inRepository(at),
    Digest: tag.Digest,
    Limit: maxSiblings,
  })
  const siblings = (data?.Tags ?? []).map(({ Tag }) => Tag).filter((name) => name !== tag.Tag)
  const plan = planDeletion([
    {
      ...tag,
      SameDigestTags: siblings,
      SameDigestCount: data ? data.TotalCount - 1 : tag.SameDigestCount,
    },
  ])
  return (
    <Confirm
      title={t('repositories.deleteTagTitle', { name: tag.Tag })}
      verb={t('repositories.deleteTagVerb')}
      typeName={isForGood || plan.referrers > 0 ? tag.Tag : undefined}
      isWaiting={isFetching}
      run={() => remove([tag.Tag])}
      onClose={onClose}
      onDone={() => {
        tell(t('repositories.tagWasDeleted', { name: tag.Tag }), {
          ...(mayRestore &&
            !isForGood && {
              action: { label: t('repositories.undo'), run: () => void putBack(tag) },
            }),
        })
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {data && (
        <>
          <p>{t('repositories.onlyThisTag')}</p>
          <Consequences plan={plan} days={days} isForGood={isForGood} />
          <Facts
            facts={[
              { label: t('repositories.pulls'), value: <Count value={tag.PullCount} /> },
              {
                label: t('repositories.lastPulled'),
                value: <Time at={tag.LastPullTime} none={t('repositories.never')} />,
              },
            ]}
          />
          {box}
        </>
      )}
    </Confirm>
  )
}

function useRemoval(at: RepositoryAt, isForGood: boolean) {
  const remove = useChange('DeleteRepositoryTags')
  const removeForGood = useChange('DeletePermanently')
  return (tags: readonly string[]): Promise<unknown> => {
    const input = { ...inRepository(at), Tags: [...tags] }
    return isForGood
      ? removeForGood.mutateAsync({ ...input, Kind: 'Tag' })
      : remove.mutateAsync(input)
  }
}

/** Comes back from the recycle bin, as it was. */
function useUndo(at: RepositoryAt) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const restore = useChange('RestoreDeletion')
  return async ({ Tag }: ShownTag): Promise<void> => {
    const within = inRepository(at)
    try {
      const { Deletions } = await call('DescribeDeletions', {
        ...{ RegistryId: within.RegistryId, NamespaceName: within.NamespaceName },
        ...{ Search: Tag, Kinds: ['Tag'], Limit: maxSiblings },
      })
      // The last deleted stands first.
      const deletion = Deletions.find(
        (one) => one.Name === Tag && one.RepositoryName === within.RepositoryName,
      )
      if (!deletion) return
      await restore.mutateAsync({ ...within, DeletionId: deletion.DeletionId })
      tell(t('repositories.tagIsBack', { name: Tag }))
    } catch (error) {
      tellError(error)
    }
  }
}

/** Asked of one tag: the days are the instance's. */
function useBinDays(at: RepositoryAt, tag: string | undefined): number | undefined {
  const { data } = useRead(
    'DescribeTagDeletion',
    { ...inRepository(at), Tags: [tag ?? ''] },
    { isEnabled: tag !== undefined },
  )
  return data?.BinDays
}

/** The API's limit of one call. */
const tagsPerCall = 20
/** More than that are gone by mistake too easily. */
const typedFrom = 21
const namedTags = 10

function DeleteSeveral({ at, tags: chosen, onClose, onDone }: DeleteTagsProps) {
  const { t } = useWords()
  const tags = chosen.filter(({ IsImmutable }) => !IsImmutable)
  const kept = chosen.filter(({ IsImmutable }) => IsImmutable)
  const plan = planDeletion(tags)
  const days = useBinDays(at, tags[0]?.Tag)
  const { mayDeleteForGood } = useRepositoryRights(at)
  const { isForGood, box } = useForGood({ mayChoose: mayDeleteForGood })
  const isGrave = isForGood || tags.length >= typedFrom || plan.referrers > 0
  const names = tags.map(({ Tag }) => Tag)
  const byJob = useByJob(at.instance, names.length)
  return (
    <ConfirmedWork
      title={t('repositories.deleteTagsTitle', { n: tags.length })}
      workTitle={t('repositories.deleting')}
      verb={t('repositories.deleteTagsVerb', { n: tags.length })}
      typeName={isGrave ? at.path : undefined}
      items={names}
      enqueue={
        // Jobs delete into the recycle bin only.
        byJob && !isForGood
          ? () =>
              enqueueAll(names, (Tags) =>
                call('CreateTagDeletionJob', { ...inRepository(at), Tags }),
              )
          : undefined
      }
      batchSize={tagsPerCall}
      run={(batch) => {
        const input = { ...inRepository(at), Tags: [...batch] }
        return isForGood
          ? call('DeletePermanently', { ...input, Kind: 'Tag' })
          : call('DeleteRepositoryTags', input)
      }}
      progressLabel={(done, of) => t('repositories.deletedSome', { done, of })}
      onClose={onClose}
      {...(onDone && { onDone })}
    >
      <p>{t('repositories.onlyTheseTags')}</p>
      {kept.length > 0 && (
        <Banner tone="warn">
          {t('repositories.immutableLeftOut', { n: kept.length })}{' '}
          <bdi>{kept.map(({ Tag }) => Tag).join(', ')}</bdi>
        </Banner>
      )}
      <Consequences plan={plan} days={days} isForGood={isForGood} />
      <details open={tags.length <= namedTags}>
        <summary>{t('repositories.tagCount', { n: tags.length })}</summary>
        <ul className="lost">
          {tags.map(({ Tag }) => (
            <li key={Tag}>
              <bdi>{Tag}</bdi>
            </li>
          ))}
        </ul>
      </details>
      {box}
    </ConfirmedWork>
  )
}

interface ConsequencesProps {
  readonly plan: TagDeletion
  readonly days: number | undefined
  readonly isForGood: boolean
}

function Consequences({ plan, days, isForGood }: ConsequencesProps) {
  const { t } = useWords()
  const { staying, stayingCount, untagged, referrers } = plan
  const unnamed = stayingCount - staying.length
  return (
    <ul className="consequences">
      {stayingCount > 0 && (
        <li>
          {t('repositories.siblingsStay', { n: stayingCount })}{' '}
          <bdi>
            <strong>{staying.join(', ')}</strong>
          </bdi>
          {unnamed > 0 && ` +${unnamed}`}
        </li>
      )}
      {untagged > 0 && <li>{t('repositories.becomeUntagged', { n: untagged })}</li>}
      {referrers > 0 && <li>{t('repositories.referrersStay', { n: referrers })}</li>}
      {!isForGood && (
        <li>
          <KeptFor days={days} />
        </li>
      )}
    </ul>
  )
}
