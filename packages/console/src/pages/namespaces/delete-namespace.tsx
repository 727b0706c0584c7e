// Only an empty namespace can be deleted; what else ends with it is counted when the dialog opens.

import { Link } from '@tanstack/react-router'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { RepositoryNames } from './repository-names.tsx'

interface DeleteNamespaceProps {
  readonly instance: string
  readonly name: string
  onClose(): void
  onDone?(): void
}

export function DeleteNamespace({ instance, name, onClose, onDone }: DeleteNamespaceProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteNamespace')
  const { data, error } = useRead('DescribeNamespaceDeletion', {
    RegistryId: instance,
    NamespaceName: name,
  })
  const isEmpty = data?.RepositoryCount === 0
  const blockers = data && !isEmpty && (
    <Banner tone="warn">
      <p>{t('namespaces.emptyFirst', { n: data.RepositoryCount })}</p>
      <RepositoryNames names={data.Repositories} total={data.RepositoryCount} />
      <p>
        <Link to={paths.namespace(instance, name, 'repositories')}>
          {t('namespaces.showRepositories')}
        </Link>
      </p>
    </Banner>
  )
  return (
    <Confirm
      title={t('namespaces.deleteTitle', { name })}
      verb={t('namespaces.deleteVerb')}
      isWaiting={!data}
      blockers={blockers || undefined}
      run={() => remove.mutateAsync({ RegistryId: instance, NamespaceName: name })}
      onClose={onClose}
      onDone={() => {
        tell(t('namespaces.deleted', { name }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton lines={3} />}
      {isEmpty && <p>{t('namespaces.deleteAbout')}</p>}
      {data && (
        <Facts
          facts={[
            {
              label: t('namespaces.repositories'),
              value: <Count value={data.RepositoryCount} />,
            },
            { label: t('namespaces.bytes'), value: <Bytes value={data.StoredBytes} /> },
            data.BinCount > 0
              ? {
                  label: t('namespaces.inBin'),
                  value: t('namespaces.binStays', { n: data.BinCount }),
                }
              : undefined,
            data.ServiceAccountCount > 0
              ? {
                  label: t('namespaces.serviceAccounts'),
                  value: t('namespaces.accountsLose', { n: data.ServiceAccountCount }),
                }
              : undefined,
          ]}
        />
      )}
    </Confirm>
  )
}
