// The tags of a repository: what they are, and what can be done with them.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Digest, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CopyTag, DeleteTags, SameContent } from './tag-work.tsx'

type Tag = Reply<'DescribeImagePersonal'>['Data']['TagInfo'][number]

type Work =
  | { readonly kind: 'same' | 'copy'; readonly tag: string }
  | { readonly kind: 'delete'; readonly tags: readonly string[] }

/** A push shows without a reload. */
const liveMs = 5000

export function Tags({ name }: { readonly name: string }) {
  const words = useWords()
  const { t } = words
  const state = useListState()
  const [work, setWork] = useState<Work>()
  const resource = `repo/${name}`
  const { may } = useRights([
    ['tcr:DuplicateImagePersonal'],
    ['tcr:BatchDeleteImagePersonal', resource],
  ])
  const list = useList(
    'DescribeImagePersonal',
    { RepoName: name, ...(state.q !== '' && { Tag: state.q }) },
    { rows: ({ Data }) => Data.TagInfo, total: ({ Data }) => Data.TagCount, everyMs: liveMs },
  )
  const mayDelete = may('tcr:BatchDeleteImagePersonal', resource)
  const end = () => setWork(undefined)
  return (
    <ListPage
      isInner
      title={t('personal.tags')}
      about={t('personal.tagsAbout')}
      list={list}
      // The address names the repository, too: clearing the search stays on its page.
      state={{ ...state, clear: () => state.setQ('') }}
      searchFor={t('personal.searchTags')}
      columns={columnsOf(words)}
      rowKey={({ TagName }) => TagName}
      rowActions={{
        label: ({ TagName }) => t('personal.actionsOf', { name: TagName }),
        menu: ({ TagName: tag }) => [
          {
            id: 'same',
            label: t('personal.sameContent'),
            onSelect: () => setWork({ kind: 'same', tag }),
          },
          ...(may('tcr:DuplicateImagePersonal')
            ? [
                {
                  id: 'copy',
                  label: t('personal.copy'),
                  onSelect: () => setWork({ kind: 'copy', tag }),
                },
              ]
            : []),
          ...(mayDelete
            ? [
                {
                  id: 'delete',
                  label: t('personal.delete'),
                  isDangerous: true,
                  onSelect: () => setWork({ kind: 'delete', tags: [tag] }),
                },
              ]
            : []),
        ],
      }}
      {...(mayDelete && {
        bulk: [
          {
            id: 'delete',
            label: t('personal.delete'),
            isDangerous: true,
            run: (tags: readonly string[]) => setWork({ kind: 'delete', tags }),
          },
        ],
      })}
      countLabel={(n) => t('personal.tagCount', { n })}
      empty={<Empty title={t('personal.noTag')}>{t('personal.noTagAbout')}</Empty>}
    >
      {work?.kind === 'same' && <SameContent name={name} tag={work.tag} onClose={end} />}
      {work?.kind === 'copy' && <CopyTag name={name} tag={work.tag} onClose={end} />}
      {work?.kind === 'delete' && <DeleteTags name={name} tags={work.tags} onClose={end} />}
    </ListPage>
  )
}

function columnsOf({ t }: Words): readonly Column<Tag>[] {
  return [
    { id: 'tag', head: t('personal.tag'), cell: ({ TagName }) => <bdi>{TagName}</bdi> },
    { id: 'kind', head: t('personal.kind'), isMinor: true, cell: ({ Kind }) => Kind },
    {
      id: 'platform',
      head: t('personal.platform'),
      cell: ({ OS, Architecture }) =>
        [OS, Architecture].filter((text) => text !== '').join(' / ') || (
          <span className="quiet">–</span>
        ),
    },
    {
      id: 'size',
      head: t('personal.size'),
      isNumber: true,
      cell: ({ SizeByte }) => <Bytes value={SizeByte} />,
    },
    {
      id: 'digest',
      head: t('patterns.digest'),
      cell: ({ TagId }) => <Digest value={TagId} />,
    },
    { id: 'pushed', head: t('personal.pushed'), cell: ({ PushTime }) => <Time at={PushTime} /> },
  ]
}
