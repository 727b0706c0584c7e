// The end of an instance. The dialog opens with a dry run: what would be lost, or what has to go first, with the way to
// it. What it stored stays unless the box is ticked.

import { CallError } from '@entrepot/client/errors.ts'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { Banner, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeleteInstanceProps {
  readonly instance: Instance
  onClose(): void
  readonly onDone?: (() => void) | undefined
}

/** What the dry run answers when nothing is in the way. */
const wouldBeDone = 'DryRunOperation'

export function DeleteInstance({ instance, onClose, onDone }: DeleteInstanceProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [withBytes, setWithBytes] = useState(false)
  const remove = useChange('DeleteInstance')
  const { RegistryId: id, RegistryName: name } = instance
  const dryRun = useRead('DeleteInstance', { RegistryId: id, DryRun: true })
  const isFree =
    dryRun.data !== undefined || (dryRun.error instanceof CallError && dryRun.error.is(wouldBeDone))
  return (
    <Confirm
      title={t('instances.deleteTitle', { name })}
      verb={t('instances.deleteVerb')}
      typeName={name}
      isWaiting={dryRun.isPending}
      {...(!dryRun.isPending &&
        !isFree && {
          blockers: <Obstacles instance={instance} error={dryRun.error} onClose={onClose} />,
        })}
      run={() => remove.mutateAsync({ RegistryId: id, DeleteBucket: withBytes })}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.isDeleting', { name }))
        onDone?.()
      }}
    >
      <Lost id={id} />
      {isFree && (
        <>
          <p>{t('instances.deleteForGood')}</p>
          <label className="choice">
            <input
              type="checkbox"
              checked={withBytes}
              onChange={(event) => setWithBytes(event.target.checked)}
            />
            <span>
              {t('instances.deleteBytes')}
              <small className="field-help">{t('instances.deleteBytesHelp')}</small>
            </span>
          </label>
        </>
      )}
    </Confirm>
  )
}

function Lost({ id }: { readonly id: string }) {
  const { t } = useWords()
  const { data } = useRead('DescribeInstanceStatistics', { RegistryIds: [id] })
  const { data: bin } = useRead('DescribeRecycleBin', { RegistryId: id })
  const held = data?.Statistics[0]
  if (!held) return <Skeleton lines={2} />
  const figures = [
    [t('frame.namespaces'), <Count key="n" value={held.NamespaceCount} />],
    [t('frame.repositories'), <Count key="r" value={held.RepositoryCount} />],
    [t('instances.imageTags'), <Count key="t" value={held.TagCount} />],
    [t('instances.stored'), <Bytes key="b" value={held.StoredBytes} />],
    ...(bin ? [[t('instances.inBin'), <Count key="i" value={bin.Count} />] as const] : []),
  ] as const
  return (
    <dl className="figures">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface ObstaclesProps {
  readonly instance: Instance
  readonly error: unknown
  onClose(): void
}

function Obstacles({ instance, error, onClose }: ObstaclesProps) {
  const { t } = useWords()
  const isFull = error instanceof CallError && error.is('FailedOperation')
  const { RegistryId: id, DeletionProtection: isProtected } = instance
  return (
    <Banner
      tone="bad"
      actions={
        isFull ? (
          <LinkButton to={paths.namespaces(id)}>{t('instances.toNamespaces')}</LinkButton>
        ) : undefined
      }
    >
      <p>{t('instances.cantBeDeleted')}</p>
      {isProtected ? <p>{t('instances.isProtected')}</p> : explainError(error, t)}
      {isProtected && (
        <p>
          <Link to={paths.instance(id)} onClick={onClose}>
            {t('instances.toProtection')}
          </Link>
        </p>
      )}
    </Banner>
  )
}
