// The tags of a repository. Signatures and untagged manifests are shown when they are asked for; an empty repository
// shows how to push, and its first push arrives by itself.

import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useList, useRead, useRefresh } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { PeopleNames } from '../../patterns/people-names.tsx'
import { Status } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { RepositoryCommands } from './commands.tsx'
import { CopyImage } from './copy-image.tsx'
import { CopyTags } from './copy-tags.tsx'
import { DeleteTags } from './delete-tags.tsx'
import { PullMenu } from './pull-menu.tsx'
import { useRegistryAddresses } from './registry-address.ts'
import {
  fullPath,
  inRepository,
  type RepositoryRights,
  useRepositoryRights,
} from './repository-input.ts'
import { type TagRow, tagColumns } from './tag-columns.tsx'
import { filterInput, tagFilters } from './tag-filters.ts'
import { TagHistory } from './tag-history.tsx'
import { markDigests } from './tag-marks.ts'
import { useTagMenu } from './tag-menu.ts'
import { Untagged } from './untagged.tsx'

const orders = {
  pushed: 'push_time',
  name: 'name',
  size: 'size',
  pulled: 'pull_time',
  pulls: 'pull_count',
} as const

const newestFirst = '-pushed'
/** What the address says of a group that is hidden otherwise. */
const shown = 'shown'
/** How often an empty repository asks whether the first push has come. */
const firstPushMs = 2000

/** A dialog over the list, and the tags it is about. */
type Opened =
  | { readonly kind: 'history' | 'copy'; readonly tag: TagRow }
  | { readonly kind: 'delete' | 'copyAll'; readonly tags: readonly TagRow[] }

export function TagList({ at }: { readonly at: RepositoryAt }) {
  const { t } = useWords()
  const asked = useListState()
  const state: ListState = { ...asked, sort: asked.sort === '' ? newestFirst : asked.sort }
  const address = useRegistryAddresses(at.instance)[0]
  const navigate = useNavigate()
  const [opened, setOpened] = useState<Opened>()
  const rights = useRepositoryRights(at)
  const list = useTags(at, state)
  const { rows } = list
  const marks = markDigests(rows)
  const filters = tagFilters(t)
  const tagMenu = useTagMenu(at, rights, {
    showHistory: (tag) => setOpened({ kind: 'history', tag }),
    copy: (tag) => setOpened({ kind: 'copy', tag }),
    remove: (tag) => setOpened({ kind: 'delete', tags: [tag] }),
  })
  const chosen = (keys: readonly string[]) => rows.filter(({ Tag }) => keys.includes(Tag))
  const close = () => setOpened(undefined)
  return (
    <PeopleNames of={rows.map(({ PushedBy }) => PushedBy)}>
      <div className="tag-list">
        <ListPage
          title={t('repositories.tabTags')}
          about={t('repositories.tagsAbout')}
          isInner
          list={list}
          state={state}
          searchFor={t('repositories.searchTags')}
          filters={filters}
          columns={tagColumns(at, marks, t)}
          rowKey={({ Tag }) => Tag}
          rowActions={{
            label: ({ Tag }) => t('repositories.actionsOf', { name: Tag }),
            direct: (row) => (
              <PullMenu
                at={at}
                address={address}
                tag={row.Tag}
                digest={row.Digest}
                isChart={row.Kind === 'Chart'}
              />
            ),
            menu: tagMenu,
          }}
          bulk={[
            {
              id: 'compare',
              label: t('repositories.compare'),
              blocked: (keys) => (keys.length === 2 ? undefined : t('repositories.compareTwo')),
              run: (keys) => {
                // From the older one to the newer one.
                const [a = '', b = ''] = chosen(keys)
                  .toSorted((one, other) => one.PushTime.localeCompare(other.PushTime))
                  .map(({ Tag }) => Tag)
                const [to = ''] = paths.compare(at, a, b).split('?')
                void navigate({ to, search: () => ({ a, b }) })
              },
            },
            ...(rights.mayCopy
              ? [
                  {
                    id: 'copy',
                    label: t('repositories.copyTo'),
                    run: (keys: readonly string[]) =>
                      setOpened({ kind: 'copyAll', tags: chosen(keys) }),
                  },
                ]
              : []),
            ...(rights.mayDeleteTags
              ? [
                  {
                    id: 'delete',
                    label: t('repositories.delete'),
                    isDangerous: true,
                    blocked: (keys: readonly string[]) =>
                      chosen(keys).every(({ IsImmutable }) => IsImmutable)
                        ? t('repositories.immutableHelp')
                        : undefined,
                    run: (keys: readonly string[]) =>
                      setOpened({ kind: 'delete', tags: chosen(keys) }),
                  },
                ]
              : []),
          ]}
          countLabel={(n) => t('repositories.tagCount', { n })}
          empty={<WaitingForPush at={at} />}
        >
          <HiddenGroups at={at} state={state} rights={rights} />
          {opened?.kind === 'history' && (
            <TagHistory at={at} tag={opened.tag.Tag} mayMove={rights.mayRetag} onClose={close} />
          )}
          {opened?.kind === 'copy' && (
            <CopyImage at={at} reference={opened.tag.Tag} tag={opened.tag.Tag} onClose={close} />
          )}
          {opened?.kind === 'copyAll' && <CopyTags at={at} tags={opened.tags} onClose={close} />}
          {opened?.kind === 'delete' && <DeleteTags at={at} tags={opened.tags} onClose={close} />}
        </ListPage>
      </div>
    </PeopleNames>
  )
}

/** Those of the search; an empty repository is asked again until its first push has come. */
function useTags(at: RepositoryAt, state: ListState) {
  const refresh = useRefresh()
  const isDown = state.sort.startsWith('-')
  const order = orders[state.sort.replace('-', '') as keyof typeof orders] ?? orders.pushed
  const filtered = filterInput(state)
  const isWhole = Object.keys(filtered).length === 0
  const list = useList(
    'DescribeRepositoryTags',
    {
      ...inRepository(at),
      ...filtered,
      WithSignatures: state.filter('signatures') === shown,
      SortBy: `${isDown ? '-' : ''}${order}`,
    },
    {
      rows: (reply) => reply.Tags,
      total: (reply) => reply.TotalCount,
      ...(isWhole && { whileEmptyMs: firstPushMs }),
    },
  )
  const isEmpty = isWhole && list.total === 0
  const wasEmpty = useRef(false)
  // The first push changes what the rest of the page says, too.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the emptiness ends
  useEffect(() => {
    if (wasEmpty.current && !isEmpty) void refresh()
    wasEmpty.current = isEmpty
  }, [isEmpty])
  return list
}

interface HiddenGroupsProps {
  readonly at: RepositoryAt
  readonly state: ListState
  readonly rights: RepositoryRights
}

/** What the list leaves out until it is asked for, whatever is searched. */
function HiddenGroups({ at, state, rights }: HiddenGroupsProps) {
  const { t } = useWords()
  const { data } = useRead('DescribeRepositoryTags', {
    ...inRepository(at),
    CountUntagged: true,
    Limit: 1,
  })
  const signatures = data?.SignatureCount ?? 0
  const untagged = data?.UntaggedCount ?? 0
  const isShown = (group: 'signatures' | 'untagged') => state.filter(group) === shown
  const toggle = (group: 'signatures' | 'untagged') => () =>
    state.setFilter(group, isShown(group) ? '' : shown)
  const word = (group: 'signatures' | 'untagged') =>
    t(isShown(group) ? 'repositories.hide' : 'repositories.show')
  return (
    <>
      <div className="hidden-groups">
        {signatures > 0 && (
          <span>
            {t('repositories.signatureCount', { n: signatures })}{' '}
            <Button theme="text" onClick={toggle('signatures')}>
              {word('signatures')}
            </Button>
          </span>
        )}
        {untagged > 0 && (
          <span>
            {t('repositories.untaggedCount', { n: untagged })}{' '}
            <Button theme="text" onClick={toggle('untagged')}>
              {word('untagged')}
            </Button>
          </span>
        )}
      </div>
      {isShown('untagged') && untagged > 0 && <Untagged at={at} rights={rights} />}
    </>
  )
}

function WaitingForPush({ at }: { readonly at: RepositoryAt }) {
  const { t } = useWords()
  return (
    <Empty title={t('repositories.noTags')}>
      <div className="stack">
        <p>{t('repositories.noTagsAbout')}</p>
        <RepositoryCommands instance={at.instance} path={fullPath(at)} only={['login', 'push']} />
        <p role="status">
          <Status tone="busy">{t('repositories.waiting')}</Status>
        </p>
      </div>
    </Empty>
  )
}
