// A list of repositories: of an instance, or of one namespace of it.

import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { copyText } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { QuickCommands, RepositoryCommands } from './commands.tsx'
import { CreateRepository } from './create-repository.tsx'
import { DeleteRepositories, DeleteRepository } from './delete-repositories.tsx'
import { repositoryColumns } from './repository-columns.tsx'
import { resourcePath } from './repository-path.ts'
import { useListRights, useNamespaceFilter, useRepositoryFigures } from './repository-rows.ts'
import './repositories.css'

interface RepositoryListProps {
  readonly instance: string
  /** Only of this one. */
  readonly namespace?: string
}

const orders = {
  '-updated': '-update_time',
  '-created': '-creation_time',
  '-name': '-name',
} as const
type Order = keyof typeof orders

const newestFirst: Order = '-updated'
/** How often an empty list asks whether the first push has come. */
const firstPushMs = 2000
/** A dialog over the list, and what it is about. */
type Opened = { readonly kind: 'delete' | 'commands'; readonly path: string }

export function RepositoryList({ instance, namespace }: RepositoryListProps) {
  const { t } = useWords()
  const address = useListState()
  const state: ListState = { ...address, sort: address.sort === '' ? newestFirst : address.sort }
  const navigate = useNavigate()
  const { tell } = useNotices()
  const [opened, setOpened] = useState<Opened>()
  const [deleting, setDeleting] = useState<readonly string[]>()
  const within = namespace ?? state.filter('namespace')
  const list = useList(
    'DescribeRepositories',
    {
      RegistryId: instance,
      ...(within !== '' && { NamespaceName: within }),
      ...(state.q !== '' && { RepositoryName: state.q }),
      ...(state.sort in orders && { SortBy: orders[state.sort as Order] }),
    },
    {
      rows: (reply) => reply.RepositoryList,
      total: (reply) => reply.TotalCount,
      // The first push makes the first one.
      ...(state.q === '' && { whileEmptyMs: firstPushMs }),
    },
  )
  const rowPaths = list.rows.map(({ Name }) => Name)
  const figures = useRepositoryFigures(instance, rowPaths)
  const { mayCreate, mayDeleteSome, mayDelete } = useListRights(instance, rowPaths)
  const create = mayCreate && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('repositories.create')}
    </Button>
  )
  const filters = useNamespaceFilter(instance, namespace === undefined)
  const rowMenu = (path: string): readonly MenuEntry[] => [
    {
      id: 'commands',
      label: t('repositories.quickCommands'),
      onSelect: () => setOpened({ kind: 'commands', path }),
    },
    {
      id: 'resource',
      label: t('repositories.copyResource'),
      onSelect: () => {
        const text = resourcePath(instance, path)
        void copyText(text).then(() => tell(t('repositories.copiedText', { text })))
      },
    },
    ...(mayDelete(path)
      ? [
          {
            id: 'delete',
            label: t('repositories.delete'),
            isDangerous: true,
            onSelect: () => setOpened({ kind: 'delete', path }),
          },
        ]
      : []),
  ]
  return (
    <ListPage
      title={t('repositories.title')}
      about={t('repositories.about')}
      isInner={namespace !== undefined}
      actions={create}
      list={list}
      state={state}
      searchFor={t('repositories.search')}
      filters={filters}
      columns={repositoryColumns(instance, figures, t)}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('repositories.actionsOf', { name: Name }),
        menu: ({ Name }) => rowMenu(Name),
      }}
      bulk={
        mayDeleteSome
          ? [
              {
                id: 'delete',
                label: t('repositories.delete'),
                isDangerous: true,
                run: (keys) => setDeleting(keys.filter(mayDelete)),
              },
            ]
          : []
      }
      countLabel={(n) => t('repositories.count', { n })}
      empty={<NothingYet instance={instance} namespace={within} create={create} />}
    >
      {state.open === 'new' && (
        <CreateRepository
          instance={instance}
          namespace={within}
          onClose={() => state.setOpen('')}
          onCreated={(chosen, name) =>
            void navigate({ to: paths.repository({ instance, namespace: chosen, path: name }) })
          }
        />
      )}
      {opened?.kind === 'commands' && (
        <QuickCommands
          instance={instance}
          path={opened.path}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened?.kind === 'delete' && (
        <DeleteRepository
          instance={instance}
          path={opened.path}
          onClose={() => setOpened(undefined)}
        />
      )}
      {deleting !== undefined && deleting.length > 0 && (
        <DeleteRepositories
          instance={instance}
          paths={deleting}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )
}

interface NothingYetProps {
  readonly instance: string
  /** Empty: none is chosen. */
  readonly namespace: string
  readonly create: ReactNode
}

/** A first push makes the repository: the lines are ready but for its name. */
function NothingYet({ instance, namespace, create }: NothingYetProps) {
  const { t } = useWords()
  const path = `${namespace === '' ? t('repositories.sampleNamespace') : namespace}/${t('repositories.sampleName')}`
  return (
    <Empty title={t('repositories.none')} actions={create}>
      <div className="stack">
        <p>{t('repositories.noneAbout')}</p>
        <RepositoryCommands instance={instance} path={path} only={['login', 'push']} />
      </div>
    </Empty>
  )
}
