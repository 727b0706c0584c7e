// The namespaces of an instance.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Count, Meter, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { CreateNamespace } from './create-namespace.tsx'
import { DeleteNamespace } from './delete-namespace.tsx'

type Namespace = NonNullable<Reply<'DescribeNamespaces'>['NamespaceList']>[number]

export function NamespacesPage() {
  const { t } = useWords()
  useTitle(t('namespaces.title'))
  const instance = useInstanceId()
  const state = useListState()
  const [deleting, setDeleting] = useState<string>()
  const { may } = useRights([
    ['tcr:CreateNamespace', `repository/${instance}/*`],
    ['tcr:DeleteNamespace', `repository/${instance}/*`],
  ])
  const list = useList(
    'DescribeNamespaces',
    {
      RegistryId: instance,
      ...(state.q !== '' && { Filters: [{ Name: 'NamespaceName', Values: [state.q] }] }),
    },
    { rows: (reply) => reply.NamespaceList, total: (reply) => reply.TotalCount },
  )
  const statistics = useStatistics(
    instance,
    list.rows.map(({ Name }) => Name),
  )
  const columns: readonly Column<Namespace>[] = [
    {
      id: 'name',
      head: t('namespaces.name'),
      cell: ({ Name }) => <Link to={paths.namespace(instance, Name)}>{Name}</Link>,
    },
    {
      id: 'access',
      head: t('namespaces.access'),
      cell: ({ Public }) => (
        <Chip tone={Public ? 'warn' : 'off'}>
          {t(Public ? 'namespaces.public' : 'namespaces.private')}
        </Chip>
      ),
    },
    {
      id: 'repositories',
      head: t('namespaces.repositories'),
      isNumber: true,
      cell: ({ Name }) => <Count value={statistics.get(Name)?.RepositoryCount} />,
    },
    {
      id: 'bytes',
      head: t('namespaces.bytes'),
      isNumber: true,
      cell: ({ Name }) => <Bytes value={statistics.get(Name)?.StoredBytes} />,
    },
    {
      id: 'created',
      head: t('namespaces.created'),
      isMinor: true,
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
  ]
  const create = may('tcr:CreateNamespace', `repository/${instance}/*`) && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('namespaces.create')}
    </Button>
  )
  return (
    <ListPage
      title={t('namespaces.title')}
      about={
        <>
          {t('namespaces.about')} <NamespaceQuota instance={instance} />
        </>
      }
      actions={create}
      list={list}
      state={state}
      searchFor={t('namespaces.search')}
      columns={columns}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('namespaces.actionsOf', { name: Name }),
        menu: ({ Name }) => [
          {
            id: 'repositories',
            label: t('namespaces.showRepositories'),
            to: paths.namespace(instance, Name, 'repositories'),
          },
          ...(may('tcr:DeleteNamespace', `repository/${instance}/*`)
            ? [
                {
                  id: 'delete',
                  label: t('namespaces.delete'),
                  isDangerous: true,
                  blocked: whyKept(statistics.get(Name)?.RepositoryCount ?? 0),
                  onSelect: () => setDeleting(Name),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('namespaces.count', { n })}
      empty={
        <Empty title={t('namespaces.none')} actions={create}>
          {t('namespaces.noneAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && (
        <CreateNamespace instance={instance} onClose={() => state.setOpen('')} />
      )}
      {deleting !== undefined && (
        <DeleteNamespace
          instance={instance}
          name={deleting}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )

  function whyKept(repositories: number): string | undefined {
    return repositories === 0 ? undefined : t('namespaces.notEmpty', { n: repositories })
  }
}

type Statistics = Reply<'DescribeNamespaceStatistics'>['Statistics'][number]

/** Counts of the rows shown, in one call. */
function useStatistics(
  instance: string,
  names: readonly string[],
): ReadonlyMap<string, Statistics> {
  const { data } = useRead(
    'DescribeNamespaceStatistics',
    { RegistryId: instance, NamespaceNames: names.slice(-maxAsked), Limit: maxAsked },
    { isEnabled: names.length > 0, keepsPrevious: true },
  )
  return new Map(data?.Statistics.map((one) => [one.NamespaceName, one]))
}

const maxAsked = 100

function NamespaceQuota({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { data } = useRead('DescribeInstanceStatistics', { RegistryIds: [instance] })
  const quota = data?.Statistics[0]?.Quotas.find(({ Name }) => Name === 'Namespaces')
  if (!quota) return null
  return <Meter used={quota.Used} limit={quota.Limit} label={t('namespaces.quota')} />
}
