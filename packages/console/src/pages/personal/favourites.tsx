// Repositories that this person marked, also public ones of other accounts.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { pageRows, useList } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Count } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { AccessChip, Favourite } from './marks.tsx'
import type { PersonalPageProps } from './personal.tsx'
import { repositoryAddress } from './repository-address.ts'

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
    {
      id: 'name',
      head: t('personal.name'),
      cell: ({ RepoName }) => (
        <span className="personal-name">
          <Favourite name={RepoName} isFavourite />
          <Link to={repositoryAddress(region, RepoName)}>{RepoName}</Link>
        </span>
      ),
    },
    {
      id: 'access',
      head: t('personal.access'),
      cell: ({ Public }) => <AccessChip isPublic={Public === 1} />,
    },
    {
      id: 'tags',
      head: t('personal.tags'),
      isNumber: true,
      cell: ({ TagCount }) => <Count value={TagCount} />,
    },
    {
      id: 'pulls',
      head: t('personal.pulls'),
      isNumber: true,
      cell: ({ PullCount }) => <Count value={PullCount} />,
    },
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
