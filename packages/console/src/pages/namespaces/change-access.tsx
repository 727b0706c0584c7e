// Opening a namespace to everybody, and closing it: what that opens, and whom it shuts out, in figures.

import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { RepositoryNames } from './repository-names.tsx'

interface ChangeAccessProps {
  readonly instance: string
  readonly name: string
  readonly isPublic: boolean
  onClose(): void
}

export function ChangeAccess({ instance, name, isPublic, onClose }: ChangeAccessProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyNamespace')
  const { instance: shown } = useInstance(instance)
  const { data, error } = useRead('DescribeNamespaceDeletion', {
    RegistryId: instance,
    NamespaceName: name,
  })
  const opens = !isPublic
  return (
    <Confirm
      title={t(opens ? 'namespaces.openTitle' : 'namespaces.closeTitle', { name })}
      verb={t(opens ? 'namespaces.makePublic' : 'namespaces.makePrivate')}
      typeName={opens ? name : undefined}
      isWaiting={!data || !shown}
      run={() => modify.mutateAsync({ RegistryId: instance, NamespaceName: name, IsPublic: opens })}
      onClose={onClose}
      onDone={() => tell(t(opens ? 'namespaces.isPublic' : 'namespaces.isPrivate', { name }))}
    >
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton lines={3} />}
      {data && opens && (
        <>
          <p>{t('namespaces.opens', { n: data.RepositoryCount })}</p>
          {shown && !shown.EnableAnonymous && <Banner>{t('namespaces.anonymousOff')}</Banner>}
          <Facts
            facts={[
              {
                label: t('namespaces.repositories'),
                value: <Count value={data.RepositoryCount} />,
              },
              { label: t('namespaces.imageTags'), value: <Count value={data.TagCount} /> },
              { label: t('namespaces.bytes'), value: <Bytes value={data.StoredBytes} /> },
            ]}
          />
          <RepositoryNames names={data.Repositories} total={data.RepositoryCount} />
        </>
      )}
      {data && !opens && (
        <>
          <p>{t('namespaces.closes')}</p>
          <p>{t('namespaces.anonymousPulls', { n: data.RecentAnonymousPulls })}</p>
          <p className="quiet">{t('namespaces.canBeOpened')}</p>
        </>
      )}
    </Confirm>
  )
}
