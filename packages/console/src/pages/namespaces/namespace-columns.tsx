// The columns of the list of namespaces.

import { Link } from '@tanstack/react-router'
import { paths } from '../../paths.ts'
import { readTime } from '../../patterns/format.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Count, FreeText, Time } from '../../patterns/shown.tsx'
import type { SortValue } from '../../patterns/whole-list.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import type { Namespace } from './namespace-figures.ts'

export const namespaceOrders: Readonly<Record<string, (row: Namespace) => SortValue>> = {
  name: ({ Name }) => Name,
  repositories: ({ figures }) => figures?.RepositoryCount,
  size: ({ figures }) => figures?.StoredBytes,
  created: ({ CreationTime }) => readTime(CreationTime)?.getTime(),
}

interface CloudTag {
  readonly Key: string
  readonly Value: string
}

export function tagText({ Key, Value }: CloudTag): string {
  return `${Key}: ${Value}`
}

export function AccessChip({ isPublic }: { readonly isPublic: boolean }) {
  const { t } = useWords()
  return (
    <Chip tone={isPublic ? 'warn' : 'off'}>
      {t(isPublic ? 'namespaces.public' : 'namespaces.private')}
    </Chip>
  )
}

/** In a list only the first of them. */
const shownTags = 2

export function TagChips({
  tags,
  isShort = false,
}: {
  readonly tags: readonly CloudTag[]
  readonly isShort?: boolean
}) {
  if (tags.length === 0) return <span className="quiet">–</span>
  const shown = isShort ? tags.slice(0, shownTags) : tags
  return (
    <span className="tag-chips" title={tags.map(tagText).join('\n')}>
      {shown.map((tag) => (
        <Chip key={tag.Key}>
          <FreeText text={tagText(tag)} />
        </Chip>
      ))}
      {shown.length < tags.length && <span className="quiet">+{tags.length - shown.length}</span>}
    </span>
  )
}

export function namespaceColumns(instance: string, t: Words['t']): readonly Column<Namespace>[] {
  return [
    {
      id: 'name',
      head: t('namespaces.name'),
      sort: 'name',
      cell: ({ Name }) => <Link to={paths.namespace(instance, Name)}>{Name}</Link>,
    },
    {
      id: 'access',
      head: t('namespaces.access'),
      cell: ({ Public }) => <AccessChip isPublic={Public} />,
    },
    {
      id: 'repositories',
      head: t('namespaces.repositories'),
      sort: 'repositories',
      isDownFirst: true,
      isNumber: true,
      cell: ({ figures }) => <Count value={figures?.RepositoryCount} />,
    },
    {
      id: 'bytes',
      head: t('namespaces.bytes'),
      sort: 'size',
      isDownFirst: true,
      isNumber: true,
      cell: ({ figures }) => <Bytes value={figures?.StoredBytes} />,
    },
    {
      id: 'pulls',
      head: t('namespaces.pulls'),
      isNumber: true,
      isMinor: true,
      cell: ({ figures }) => <Count value={figures?.PullCount} />,
    },
    {
      id: 'tags',
      head: t('namespaces.tags'),
      isMinor: true,
      cell: ({ TagSpecification }) => <TagChips tags={TagSpecification?.Tags ?? []} isShort />,
    },
    {
      id: 'created',
      head: t('namespaces.created'),
      sort: 'created',
      isDownFirst: true,
      isMinor: true,
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
  ]
}
