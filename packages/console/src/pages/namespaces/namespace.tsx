// A namespace: its facts and settings, and its repositories.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Tabs } from '../../patterns/detail.tsx'
import { Bytes } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { RepositoryList } from '../repositories/repository-list.tsx'
import { BasicTab } from './basic-tab.tsx'
import { DeleteNamespace } from './delete-namespace.tsx'
import { AccessChip } from './namespace-columns.tsx'
import { type Namespace, useNamespaceFigures } from './namespace-figures.ts'
import { useRightsOfNamespace } from './namespace-rights.ts'
import './namespaces.css'

export function NamespacePage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { namespace: name = '', tab = 'basic' } = useParams({ strict: false })
  useTitle(name)
  const { instance: shown } = useInstance(instance)
  const { data, error, refetch } = useRead('DescribeNamespaces', {
    RegistryId: instance,
    NamespaceName: name,
  })
  const figures = useNamespaceFigures(instance, [name]).get(name)
  const found = data?.NamespaceList[0]
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: shown?.RegistryName ?? instance, to: paths.instance(instance) },
          { label: t('namespaces.title'), to: paths.namespaces(instance) },
          { label: name },
        ]}
      />
      {!found && (
        <header className="page-head">
          <h1 tabIndex={-1}>
            <bdi>{name}</bdi>
          </h1>
        </header>
      )}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && !found && (
        <Empty
          title={t('namespaces.gone', { name })}
          actions={<LinkButton to={paths.namespaces(instance)}>{t('namespaces.toAll')}</LinkButton>}
        >
          {t('namespaces.goneAbout')}
        </Empty>
      )}
      {found && <Shown instance={instance} namespace={{ ...found, figures }} tab={tab} />}
    </>
  )
}

interface ShownProps {
  readonly instance: string
  readonly namespace: Namespace
  readonly tab: string
}

function Shown({ instance, namespace, tab }: ShownProps) {
  const { t } = useWords()
  const { Name, Public, figures } = namespace
  const rights = useRightsOfNamespace(instance, Name)
  const repositories = figures?.RepositoryCount
  const isList = tab === 'repositories'
  return (
    <>
      <DetailHead
        name={Name}
        state={<AccessChip isPublic={Public} />}
        facts={
          <>
            {repositories !== undefined && (
              <span>{t('namespaces.repositoryCount', { n: repositories })}</span>
            )}
            <Bytes value={figures?.StoredBytes} />
          </>
        }
        actions={
          rights.mayDelete && (
            <DeleteButton instance={instance} name={Name} repositories={repositories} />
          )
        }
      />
      <Tabs
        label={t('namespaces.tabs')}
        current={isList ? 'repositories' : 'basic'}
        tabs={[
          { id: 'basic', label: t('namespaces.basic'), to: paths.namespace(instance, Name) },
          {
            id: 'repositories',
            label: t('namespaces.repositories'),
            to: paths.namespace(instance, Name, 'repositories'),
            count: repositories,
          },
        ]}
      />
      {isList ? (
        <RepositoryList instance={instance} namespace={Name} />
      ) : (
        <BasicTab instance={instance} namespace={namespace} rights={rights} />
      )}
    </>
  )
}

interface DeleteButtonProps {
  readonly instance: string
  readonly name: string
  readonly repositories: number | undefined
}

function DeleteButton({ instance, name, repositories = 0 }: DeleteButtonProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <Button
        theme="danger-text"
        blocked={repositories === 0 ? undefined : t('namespaces.notEmpty', { n: repositories })}
        onClick={() => setAsking(true)}
      >
        {t('namespaces.delete')}
      </Button>
      {isAsking && (
        <DeleteNamespace
          instance={instance}
          name={name}
          onClose={() => setAsking(false)}
          onDone={() => void navigate({ to: paths.namespaces(instance) })}
        />
      )}
    </>
  )
}
