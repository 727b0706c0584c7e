// The columns of a list of repositories.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { paths } from '../../paths.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Count, Time } from '../../patterns/shown.tsx'
import type { Words } from '../../words/use-words.ts'
import { splitPath } from './repository-path.ts'
import type { RepositoryFigures } from './repository-rows.ts'

export type Repository = NonNullable<Reply<'DescribeRepositories'>['RepositoryList']>[number]

export function repositoryColumns(
  instance: string,
  figures: ReadonlyMap<string, RepositoryFigures>,
  t: Words['t'],
): readonly Column<Repository>[] {
  return [
    {
      id: 'name',
      head: t('repositories.name'),
      sort: 'name',
      cell: (row) => <NameCell instance={instance} repository={row} />,
    },
    {
      id: 'access',
      head: t('repositories.access'),
      cell: ({ Public }) => <AccessChip isPublic={Public} t={t} />,
    },
    {
      id: 'tags',
      head: t('repositories.tags'),
      isNumber: true,
      cell: ({ Name }) => <Count value={figures.get(Name)?.TagCount} />,
    },
    {
      id: 'size',
      head: t('repositories.size'),
      isNumber: true,
      cell: ({ Name }) => <Bytes value={figures.get(Name)?.StoredBytes} />,
    },
    {
      id: 'pulls',
      head: t('repositories.pulls'),
      isNumber: true,
      isMinor: true,
      cell: ({ Name }) => <Count value={figures.get(Name)?.PullCount} />,
    },
    {
      id: 'updated',
      head: t('repositories.updated'),
      sort: 'updated',
      isDownOnly: true,
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
    {
      id: 'created',
      head: t('repositories.created'),
      sort: 'created',
      isDownOnly: true,
      isMinor: true,
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
  ]
}

interface NameCellProps {
  readonly instance: string
  readonly repository: Repository
}

/** The namespace is dimmed, the path stands whole; the short description below. */
function NameCell({ instance, repository }: NameCellProps) {
  const { namespace, name } = splitPath(repository.Name)
  return (
    <div className="repository-name">
      <Link to={paths.repository({ instance, namespace, path: name })}>
        <span className="quiet">{namespace}/</span>
        {name}
      </Link>
      {repository.BriefDescription !== '' && (
        <bdi className="repository-brief" title={repository.BriefDescription}>
          {repository.BriefDescription}
        </bdi>
      )}
    </div>
  )
}

interface AccessChipProps {
  readonly isPublic: boolean
  readonly t: Words['t']
}

export function AccessChip({ isPublic, t }: AccessChipProps) {
  return (
    <Chip tone={isPublic ? 'warn' : 'off'}>
      {t(isPublic ? 'repositories.public' : 'repositories.private')}
    </Chip>
  )
}
