// What the lists of personal repositories and of favourites show of each.

import { Link } from '@tanstack/react-router'
import type { Column } from '../../patterns/rows.tsx'
import { Count } from '../../patterns/shown.tsx'
import type { Words } from '../../words/use-words.ts'
import { AccessChip, Favourite } from './marks.tsx'
import { repositoryAddress } from './repository-address.ts'

interface Listed {
  readonly RepoName: string
  readonly Public: number
  readonly TagCount: number
  readonly PullCount: number
}

export function repositoryColumns<Row extends Listed>(
  t: Words['t'],
  region: string,
  isFavourite: (row: Row) => boolean,
): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      head: t('personal.name'),
      cell: (row) => (
        <span className="personal-name">
          <Favourite name={row.RepoName} isFavourite={isFavourite(row)} />
          <Link to={repositoryAddress(region, row.RepoName)}>{row.RepoName}</Link>
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
  ]
}
