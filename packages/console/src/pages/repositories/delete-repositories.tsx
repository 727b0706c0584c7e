// Deleting repositories: what is lost is counted when the dialog opens, and the name must be typed.

import { call } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Bytes, Count, Time } from '../../patterns/shown.tsx'
import { Banner, Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { enqueueAll } from './batches.ts'
import { ConfirmedWork } from './bulk-work.tsx'
import { useForGood } from './for-good.tsx'
import { KeptFor } from './kept-for.tsx'
import { resourceOf, splitPath } from './repository-path.ts'
import { useByJob } from './use-by-job.ts'

interface DeleteRepositoryProps {
  readonly instance: string
  /** With the namespace. */
  readonly path: string
  onClose(): void
  onDone?(): void
}

export function DeleteRepository({ instance, path, onClose, onDone }: DeleteRepositoryProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { isForGood, box, remove } = useRemoval(instance, path)
  const { figures, error } = useFigures(instance, [path])
  const days = useBinDays(instance, path)
  const { namespace, name } = splitPath(path)
  const { data: deletion, isFetching } = useRead('DescribeRepositoryDeletion', {
    RegistryId: instance,
    NamespaceName: namespace,
    RepositoryName: name,
  })
  const kept = deletion?.ImmutableTag ?? null
  return (
    <Confirm
      title={t('repositories.deleteTitle', { name: path })}
      verb={t('repositories.deleteVerb')}
      typeName={path}
      isWaiting={figures === undefined || isFetching}
      blockers={
        kept === null ? undefined : (
          <Banner tone="warn">{t('repositories.ruleKeeps', { tag: kept })}</Banner>
        )
      }
      run={remove}
      onClose={onClose}
      onDone={() => {
        tell(t('repositories.deleted', { name: path }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {figures && <Loss figures={figures} days={days} isForGood={isForGood} />}
      {kept === null && box}
    </Confirm>
  )
}

function useRemoval(instance: string, path: string) {
  const resource = resourceOf(instance, path)
  const { may } = useRights([
    ['tcr:DeletePermanently', resource],
    ['tcr:DeleteRepository', resource],
  ])
  const mayChoose = may('tcr:DeletePermanently', resource) && may('tcr:DeleteRepository', resource)
  const { isForGood, box } = useForGood({ mayChoose })
  const remove = useChange('DeleteRepository')
  const removeForGood = useChange('DeletePermanently')
  const { namespace, name } = splitPath(path)
  const input = { RegistryId: instance, NamespaceName: namespace, RepositoryName: name }
  return {
    isForGood,
    box,
    remove: (): Promise<unknown> =>
      isForGood
        ? removeForGood.mutateAsync({ ...input, Kind: 'Repository' })
        : remove.mutateAsync({ ...input, ForceDelete: true }),
  }
}

interface DeleteRepositoriesProps {
  readonly instance: string
  readonly paths: readonly string[]
  onClose(): void
}

const namedPaths = 10

export function DeleteRepositories({ instance, paths, onClose }: DeleteRepositoriesProps) {
  const { t } = useWords()
  const { instance: shown } = useInstance(instance)
  const { figures, error } = useFigures(instance, paths)
  const days = useBinDays(instance, paths[0])
  const byJob = useByJob(instance, paths.length)
  return (
    <ConfirmedWork
      title={t('repositories.deleteManyTitle', { n: paths.length })}
      workTitle={t('repositories.deleting')}
      verb={t('repositories.deleteManyVerb', { n: paths.length })}
      typeName={shown?.RegistryName ?? instance}
      isWaiting={figures === undefined}
      items={paths}
      enqueue={
        byJob
          ? () =>
              enqueueAll(paths, (RepositoryPaths) =>
                call('CreateRepositoryDeletionJob', { RegistryId: instance, RepositoryPaths }),
              )
          : undefined
      }
      batchSize={1}
      run={([path = '']) => {
        const { namespace, name } = splitPath(path)
        return call('DeleteRepository', {
          RegistryId: instance,
          NamespaceName: namespace,
          RepositoryName: name,
          ForceDelete: true,
        })
      }}
      progressLabel={(done, of) => t('repositories.deletedSome', { done, of })}
      onClose={onClose}
    >
      {error && <Failed error={error} />}
      {figures && <Loss figures={figures} days={days} />}
      <details open={paths.length <= namedPaths}>
        <summary>{t('repositories.count', { n: paths.length })}</summary>
        <ul className="lost">
          {paths.map((path) => (
            <li key={path}>
              <bdi>{path}</bdi>
            </li>
          ))}
        </ul>
      </details>
    </ConfirmedWork>
  )
}

interface Figures {
  readonly tags: number
  readonly manifests: number
  readonly bytes: number
  readonly pulls: number
  readonly lastPull: string | null
}

const maxAsked = 200

/** Of so many at most; the dialog says how many repositories there are besides. */
function useFigures(instance: string, paths: readonly string[]) {
  const { data, error, isFetching } = useRead('DescribeRepositoryStatistics', {
    RegistryId: instance,
    RepositoryPaths: paths.slice(0, maxAsked),
    Limit: maxAsked,
  })
  const figures = data?.Statistics.reduce<Figures>(
    (sum, one) => ({
      tags: sum.tags + one.TagCount,
      manifests: sum.manifests + one.ManifestCount,
      bytes: sum.bytes + one.StoredBytes,
      pulls: sum.pulls + one.PullCount,
      lastPull: later(sum.lastPull, one.LastPullTime),
    }),
    { tags: 0, manifests: 0, bytes: 0, pulls: 0, lastPull: null },
  )
  return { figures: isFetching ? undefined : figures, error }
}

/** Asked of one repository: the days are the instance's. */
function useBinDays(instance: string, path: string | undefined): number | undefined {
  const { namespace, name } = splitPath(path ?? '')
  const { data } = useRead(
    'DescribeRepositoryDeletion',
    { RegistryId: instance, NamespaceName: namespace, RepositoryName: name },
    { isEnabled: path !== undefined },
  )
  return data?.BinDays
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a
}

interface LossProps {
  readonly figures: Figures
  readonly days: number | undefined
  readonly isForGood?: boolean
}

function Loss({ figures, days, isForGood = false }: LossProps) {
  const { t } = useWords()
  return (
    <>
      <p>
        {t('repositories.deleteAbout')} {!isForGood && <KeptFor days={days} />}
      </p>
      <Facts
        facts={[
          { label: t('repositories.tags'), value: <Count value={figures.tags} /> },
          { label: t('repositories.manifests'), value: <Count value={figures.manifests} /> },
          { label: t('repositories.size'), value: <Bytes value={figures.bytes} /> },
          { label: t('repositories.pulls'), value: <Count value={figures.pulls} /> },
          {
            label: t('repositories.lastPulled'),
            value: <Time at={figures.lastPull} none={t('repositories.never')} />,
          },
        ]}
      />
    </>
  )
}
