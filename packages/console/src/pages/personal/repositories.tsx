// The account's repositories here; the tags of one of them, where the address names it.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { pageRows, useList, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CreateRepository } from './create-repository.tsx'
import { EnterpriseCard } from './enterprise-card.tsx'
import type { PersonalPageProps } from './personal.tsx'
import { Quotas } from './quotas.tsx'
import { RepositoryPage } from './repository.tsx'
import { repositoryAddress } from './repository-address.ts'
import { repositoryColumns } from './repository-columns.tsx'
import { ChangeAccess, DeleteRepositories } from './repository-work.tsx'

export type Repository = NonNullable<
  Reply<'DescribeRepositoryFilterPersonal'>['Data']['RepoInfo']
>[number]

export function RepositoriesPage({ region }: PersonalPageProps) {
  const state = useListState()
  return state.open.includes('/') ? (
    <RepositoryPage key={state.open} region={region} name={state.open} />
  ) : (
    <RepositoryList region={region} />
  )
}

function RepositoryList({ region }: PersonalPageProps) {
  const words = useWords()
  const { t } = words
  const state = useListState()
  const [changing, setChanging] = useState<Repository>()
  const [deleting, setDeleting] = useState<readonly string[]>()
  const { may } = useRights([
    ['tcr:CreateRepositoryPersonal'],
    ['tcr:BatchDeleteRepositoryPersonal'],
    ['tcr:ModifyRepositoryAccessPersonal'],
  ])
  const namespaces = useRead('DescribeNamespacePersonal', {
    Namespace: '',
    Limit: pageRows,
    Offset: 0,
  })
  const access = state.filter('access')
  const namespace = state.filter('namespace')
  const list = useList(
    'DescribeRepositoryFilterPersonal',
    {
      ...(state.q !== '' && { RepoName: state.q }),
      ...(access !== '' && { Public: access === 'public' ? 1 : 0 }),
      ...(namespace !== '' && { Namespace: namespace }),
    },
    { rows: ({ Data }) => Data.RepoInfo, total: ({ Data }) => Data.TotalCount },
  )
  const create = may('tcr:CreateRepositoryPersonal') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('personal.createRepository')}
    </Button>
  )
  return (
    <ListPage
      title={t('personal.repositories')}
      about={t('personal.repositoriesAbout')}
      help="personal"
      banner={<Quotas />}
      actions={create}
      list={list}
      state={state}
      searchFor={t('personal.searchRepositories')}
      filters={[
        {
          name: 'namespace',
          label: t('personal.namespace'),
          choices: (namespaces.data?.Data.NamespaceInfo ?? []).map(({ Namespace: value }) => ({
            value,
            label: value,
          })),
        },
        {
          name: 'access',
          label: t('personal.access'),
          choices: [
            { value: 'private', label: t('personal.private') },
            { value: 'public', label: t('personal.public') },
          ],
        },
      ]}
      columns={columnsOf(words, region)}
      rowKey={({ RepoName }) => RepoName}
      rowActions={{
        label: ({ RepoName }) => t('personal.actionsOf', { name: RepoName }),
        menu: (repository) => [
          {
            id: 'tags',
            label: t('personal.tags'),
            to: repositoryAddress(region, repository.RepoName),
          },
          ...(may('tcr:ModifyRepositoryAccessPersonal')
            ? [
                {
                  id: 'access',
                  label: t(repository.Public ? 'personal.makePrivate' : 'personal.makePublic'),
                  onSelect: () => setChanging(repository),
                },
              ]
            : []),
          ...(may('tcr:BatchDeleteRepositoryPersonal')
            ? [
                {
                  id: 'delete',
                  label: t('personal.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting([repository.RepoName]),
                },
              ]
            : []),
        ],
      }}
      {...(may('tcr:BatchDeleteRepositoryPersonal') && {
        bulk: [{ id: 'delete', label: t('personal.delete'), isDangerous: true, run: setDeleting }],
      })}
      countLabel={(n) => t('personal.repositoryCount', { n })}
      empty={
        <Empty title={t('personal.noRepository')} actions={create}>
          {t('personal.noRepositoryAbout')}
        </Empty>
      }
    >
      <EnterpriseCard region={region} />
      {state.open === 'new' && (
        <CreateRepository region={region} namespace={namespace} onClose={() => state.setOpen('')} />
      )}
      {changing && (
        <ChangeAccess
          name={changing.RepoName}
          isPublic={changing.Public === 1}
          onClose={() => setChanging(undefined)}
        />
      )}
      {deleting && (
        <DeleteRepositories
          repositories={list.rows.filter(({ RepoName }) => deleting.includes(RepoName))}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )
}

function columnsOf({ t }: Words, region: string): readonly Column<Repository>[] {
  return [
    ...repositoryColumns<Repository>(t, region, ({ IsUserFavor }) => IsUserFavor),
    {
      id: 'description',
      head: t('personal.description'),
      isMinor: true,
      cell: ({ Description }) => <FreeText text={Description} />,
    },
    {
      id: 'updated',
      head: t('personal.updated'),
      isMinor: true,
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
  ]
}
