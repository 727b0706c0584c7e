// The namespaces of an instance.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { type Filter, ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { Meter } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { sortWhole, wholeList } from '../../patterns/whole-list.ts'
import { useWords } from '../../words/use-words.ts'
import { CreateNamespace } from './create-namespace.tsx'
import { DeleteNamespace } from './delete-namespace.tsx'
import { namespaceColumns, namespaceOrders, tagText } from './namespace-columns.tsx'
import { type Namespace, useNamespaceFigures } from './namespace-figures.ts'
import { useNamespaceRights } from './namespace-rights.ts'
import { TagNamespaces } from './tag-namespaces.tsx'
import './namespaces.css'

export function NamespacesPage() {
  const { t } = useWords()
  useTitle(t('namespaces.title'))
  const instance = useInstanceId()
  const state = useListState()
  const [deleting, setDeleting] = useState<string>()
  const [tagging, setTagging] = useState<readonly string[]>()
  const { list, filters, repositoriesOf } = useNamespaces(instance, state)
  const rights = useNamespaceRights(
    instance,
    list.rows.map(({ Name }) => Name),
  )
  const create = rights.mayCreate && (
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
      help="access"
      actions={create}
      list={list}
      state={state}
      searchFor={t('namespaces.search')}
      filters={filters}
      columns={namespaceColumns(instance, t)}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('namespaces.actionsOf', { name: Name }),
        menu: ({ Name }) => [
          {
            id: 'repositories',
            label: t('namespaces.showRepositories'),
            to: paths.namespace(instance, Name, 'repositories'),
          },
          ...(rights.mayDelete(Name)
            ? [
                {
                  id: 'delete',
                  label: t('namespaces.delete'),
                  isDangerous: true,
                  blocked: whyKept(repositoriesOf(Name)),
                  onSelect: () => setDeleting(Name),
                },
              ]
            : []),
        ],
      }}
      bulk={
        rights.mayTag
          ? [{ id: 'tags', label: t('namespaces.editTags'), run: (names) => setTagging(names) }]
          : []
      }
      countLabel={(n) => t('namespaces.count', { n })}
      empty={
        <Empty title={t('namespaces.none')} actions={create}>
          {t('namespaces.noneAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && rights.mayCreate && (
        <CreateNamespace instance={instance} onClose={() => state.setOpen('')} />
      )}
      {deleting !== undefined && (
        <DeleteNamespace
          instance={instance}
          name={deleting}
          onClose={() => setDeleting(undefined)}
        />
      )}
      {tagging !== undefined && (
        <TagNamespaces instance={instance} names={tagging} onClose={() => setTagging(undefined)} />
      )}
    </ListPage>
  )

  function whyKept(repositories: number): string | undefined {
    return repositories === 0 ? undefined : t('namespaces.notEmpty', { n: repositories })
  }
}

type Finders = Pick<ListState, 'q' | 'sort' | 'filter'>

/** All at once: the API finds whole names only, and a quota keeps them few. */
function useNamespaces(instance: string, { q, sort, filter }: Finders) {
  const reply = useRead('DescribeNamespaces', { RegistryId: instance, All: true })
  const all = reply.data?.NamespaceList
  const figures = useNamespaceFigures(
    instance,
    (all ?? []).map(({ Name }) => Name),
  )
  const rows = all?.map((one): Namespace => ({ ...one, figures: figures.get(one.Name) }))
  const matching = rows?.filter(
    (row) =>
      row.Name.includes(q.toLowerCase()) &&
      (filter('access') === '' || row.Public === (filter('access') === 'public')) &&
      (filter('tag') === '' || tagsOf(row).includes(filter('tag'))),
  )
  const found = matching && sortWhole(matching, sort, namespaceOrders)
  return {
    list: wholeList(reply, found),
    filters: useFilters((all ?? []).flatMap(tagsOf)),
    repositoriesOf: (name: string) => figures.get(name)?.RepositoryCount ?? 0,
  }
}

function tagsOf({ TagSpecification }: Pick<Namespace, 'TagSpecification'>): readonly string[] {
  return (TagSpecification?.Tags ?? []).map(tagText)
}

function useFilters(tags: readonly string[]): readonly Filter[] {
  const { t } = useWords()
  const access: Filter = {
    name: 'access',
    label: t('namespaces.access'),
    choices: [
      { value: 'private', label: t('namespaces.private') },
      { value: 'public', label: t('namespaces.public') },
    ],
  }
  if (tags.length === 0) return [access]
  const choices = [...new Set(tags)].sort().map((value) => ({ value, label: value }))
  return [access, { name: 'tag', label: t('namespaces.tags'), choices }]
}

function NamespaceQuota({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { data } = useRead('DescribeInstanceStatistics', { RegistryIds: [instance] })
  const quota = data?.Statistics[0]?.Quotas.find(({ Name }) => Name === 'Namespaces')
  if (!quota) return null
  return <Meter used={quota.Used} limit={quota.Limit} label={t('namespaces.quota')} />
}
