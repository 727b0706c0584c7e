// Repositories that this person marked, also public ones of other accounts.

import type { Reply } from '../../api/call.ts'
import { pageRows, useList } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Count } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { PersonalPageProps } from './personal.tsx'
import { repositoryColumns } from './repository-columns.tsx'

type Marked = Reply<'DescribeFavorRepositoryPersonal'>['Data']['RepoInfo'][number]

export function FavouritesPage({ region }: PersonalPageProps) {
  const { t } = useWords()
  const state = useListState()
  const list = useList(
    'DescribeFavorRepositoryPersonal',
    { RepoName: state.q, Limit: pageRows, Offset: 0 },
    { rows: ({ Data }) => Data.RepoInfo, total: ({ Data }) => Data.TotalCount },
  )
  const columns: readonly Column<Marked>[] = [
    ...repositoryColumns<Marked>(t, region, () => true),
    {
      id: 'favourites',
      head: t('personal.likedBy'),
      isNumber: true,
      isMinor: true,
      cell: ({ FavorCount }) => <Count value={FavorCount} />,
    },
  ]
  return (
    <ListPage
      title={t('personal.favourites')}
      about={t('personal.favouritesAbout')}
      list={list}
      state={state}
      searchFor={t('personal.searchRepositories')}
      columns={columns}
      rowKey={({ RepoName }) => RepoName}
      countLabel={(n) => t('personal.repositoryCount', { n })}
      empty={<Empty title={t('personal.noFavourite')}>{t('personal.noFavouriteAbout')}</Empty>}
    />
  )
}
