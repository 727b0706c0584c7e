// The tags of a repository: what they are, which name the same image; copying and deleting them.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { call } from '../../api/call.ts'
import { useChange, useList, useRead, useRefresh } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Digest, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'

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

interface TagProps {
  readonly name: string
  readonly tag: string
  onClose(): void
}

/** Other tags of the repository that name the same image. */
function useSameTags(name: string, tag: string, isEnabled = true) {
  const { data, error } = useRead(
    'DescribeImageFilterPersonal',
    { RepoName: name, Tag: tag },
    { isEnabled },
  )
  return { tags: data?.Data.SameImages?.filter((other) => other !== tag), error }
}

function SameContent({ name, tag, onClose }: TagProps) {
  const { t } = useWords()
  const { tags, error } = useSameTags(name, tag)
  return (
    <Dialog
      title={t('personal.sameAs', { name: tag })}
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      {error ? (
        <Failed error={error} />
      ) : !tags ? (
        <Skeleton />
      ) : tags.length === 0 ? (
        <p className="quiet">{t('personal.noneSame')}</p>
      ) : (
        <ul className="personal-names">
          {tags.map((other) => (
            <li key={other}>
              <bdi>{other}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}

const pathPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*\/[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const tagPattern = /^[\w][\w.-]{0,127}$/

function CopyTag({ name, tag, onClose }: TagProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const copy = useChange('DuplicateImagePersonal')
  const form = useForm({
    initial: { repository: name, tag: '' },
    check: (values) => ({
      repository: pathPattern.test(values.repository) ? undefined : t('personal.pathRule'),
      tag: tagPattern.test(values.tag) ? undefined : t('personal.tagRule'),
    }),
    submit: (values) =>
      copy.mutateAsync({
        SrcImage: `${name}:${tag}`,
        DestImage: `${values.repository}:${values.tag}`,
      }),
    apiNames: { tag: 'DestImage' },
  })
  const target = `${form.values.repository}:${form.values.tag}`
  return (
    <Dialog
      title={t('personal.copyTitle', { name: `${name}:${tag}` })}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form="copy-tag" isBusy={form.isBusy}>
            {t('personal.copy')}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        id="copy-tag"
        onDone={() => {
          tell(t('personal.copied', { name: target }))
          onClose()
        }}
      >
        <TextField name="repository" label={t('personal.toRepository')} isRequired />
        <TextField
          name="tag"
          label={t('personal.toTag')}
          help={t('personal.copyHelp')}
          maxLength={128}
          isRequired
          hasFocus
        />
      </Form>
    </Dialog>
  )
}

/** Of one call. */
const maxDeleted = 100
const namedAtOnce = 10
/** More than so many at once: the name of the repository is typed. */
const maxUntyped = 20

interface DeleteTagsProps {
  readonly name: string
  readonly tags: readonly string[]
  onClose(): void
}

function DeleteTags({ name, tags, onClose }: DeleteTagsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const refresh = useRefresh()
  const [first = ''] = tags
  const isOne = tags.length === 1
  const same = useSameTags(name, first, isOne)
  async function run(): Promise<void> {
    try {
      for (let at = 0; at < tags.length; at += maxDeleted) {
        const Tags = tags.slice(at, at + maxDeleted)
        await call('BatchDeleteImagePersonal', { RepoName: name, Tags })
      }
    } finally {
      await refresh()
    }
  }
  return (
    <Confirm
      title={
        isOne
          ? t('personal.deleteTagTitle', { name: first })
          : t('personal.deleteTagsTitle', { n: tags.length })
      }
      verb={t('personal.deleteTags', { n: tags.length })}
      typeName={tags.length > maxUntyped ? name : undefined}
      isWaiting={isOne && same.tags === undefined && !same.error}
      run={run}
      onClose={onClose}
      onDone={() => tell(t('personal.tagsDeleted', { n: tags.length }))}
    >
      {isOne ? (
        <p>
          {t('personal.onlyThisTag')}{' '}
          {same.tags && same.tags.length > 0
            ? t('personal.sameStay', {
                n: same.tags.length,
                names: same.tags.slice(0, namedAtOnce).join(', '),
              })
            : t('personal.lastName')}
        </p>
      ) : (
        <details open={tags.length <= namedAtOnce}>
          <summary>{t('personal.tagCount', { n: tags.length })}</summary>
          <ul className="personal-names">
            {tags.map((tag) => (
              <li key={tag}>
                <bdi>{tag}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p>{t('personal.noUndo')}</p>
    </Confirm>
  )
}
