// The columns of a list of tags.

import { Link } from '@tanstack/react-router'
import { LockOnIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { formatBytes } from '../../patterns/format.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Digest, Time } from '../../patterns/shown.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { artifactTypeWord } from '../images/artifact-type.ts'
import { platformName } from '../images/platforms.ts'
import { ByWhom } from './by-whom.tsx'

export type TagRow = Reply<'DescribeRepositoryTags'>['Tags'][number]

export function tagColumns(
  at: RepositoryAt,
  marks: ReadonlyMap<string, string>,
  t: Words['t'],
): readonly Column<TagRow>[] {
  return [
    {
      id: 'name',
      head: t('repositories.tag'),
      sort: 'name',
      cell: (row) => <NameCell at={at} row={row} mark={marks.get(row.Digest)} />,
    },
    {
      id: 'type',
      head: t('repositories.type'),
      isMinor: true,
      cell: (row) => <bdi className="artifact-type">{artifactTypeWord(row, t)}</bdi>,
    },
    {
      id: 'platforms',
      head: t('repositories.platforms'),
      cell: ({ Platforms }) => <PlatformsCell platforms={Platforms} />,
    },
    {
      id: 'size',
      head: t('repositories.size'),
      sort: 'size',
      isNumber: true,
      isDownFirst: true,
      cell: (row) => <SizeCell row={row} />,
    },
    {
      id: 'digest',
      head: t('patterns.digest'),
      cell: (row) => <Digest value={row.Digest} />,
    },
    {
      id: 'pushed',
      head: t('repositories.pushed'),
      sort: 'pushed',
      isDownFirst: true,
      cell: ({ PushTime, PushedBy }) => (
        <div className="two-lines">
          <Time at={PushTime} />
          <ByWhom name={PushedBy} />
        </div>
      ),
    },
    {
      id: 'pulled',
      head: t('repositories.lastPulled'),
      sort: 'pulled',
      isDownFirst: true,
      cell: ({ LastPullTime, PullCount }) => (
        <div className="two-lines">
          <Time at={LastPullTime} none={t('repositories.never')} />
          {PullCount > 0 && <span>{t('repositories.pulledTimes', { n: PullCount })}</span>}
        </div>
      ),
    },
  ]
}

interface NameCellProps {
  readonly at: RepositoryAt
  readonly row: TagRow
  /** Of tags with the same content; undefined: it has it alone. */
  readonly mark: string | undefined
}

function NameCell({ at, row, mark }: NameCellProps) {
  const { t } = useWords()
  const { Tag, SameDigestTags: same, SameDigestCount: count, IsImmutable: isImmutable } = row
  return (
    <div className="two-lines tag-name">
      <Link to={paths.image(at, Tag)}>
        <bdi>{Tag}</bdi>
      </Link>
      {isImmutable && (
        <span title={t('repositories.immutableHelp')}>
          <LockOnIcon aria-hidden="true" /> {t('repositories.immutable')}
        </span>
      )}
      {mark !== undefined && (
        <span title={t('repositories.sameContent', { tags: same.join(', ') })}>
          <span className={`mark mark-${toneOf(mark)}`}>{mark}</span>{' '}
          <bdi>
            = {same.slice(0, namedSiblings).join(', ')}
            {count > namedSiblings && ` +${count - namedSiblings}`}
          </bdi>
        </span>
      )}
    </div>
  )
}

const tones = ['link', 'good', 'warn', 'bad'] as const

/** Neighbours differ; the letter says it all. */
function toneOf(mark: string): (typeof tones)[number] {
  const last = mark.codePointAt(mark.length - 1) ?? 0
  return tones[last % tones.length] ?? 'link'
}

/** In a row; all that are known when the pointer rests on it. */
const namedSiblings = 2
const namedPlatforms = 3

type Platforms = TagRow['Platforms']

function PlatformsCell({ platforms }: { readonly platforms: Platforms }) {
  if (platforms.length === 0) return <span className="quiet">–</span>
  const names = platforms.map(platformName)
  const rest = names.length - namedPlatforms
  return (
    <span className="platforms" title={names.join(', ')}>
      {platforms.slice(0, namedPlatforms).map((platform, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an index may have a platform twice
        <span key={at}>{shortName(platform)}</span>
      ))}
      {rest > 0 && <span>{`+${rest}`}</span>}
    </span>
  )
}

/** Nearly all are Linux: the architecture says it. */
function shortName(platform: Platforms[number]): string {
  return platformName(platform).replace(/^linux\//, '')
}

/** Of an index that of each platform: nobody pulls their sum. */
function SizeCell({ row }: { readonly row: TagRow }) {
  const { t, locale } = useWords()
  const { Platforms: platforms, Size: size } = row
  const sizes = platforms.map((platform) => platform.Size)
  if (sizes.length < 2) return <Bytes value={sizes[0] ?? size} />
  const show = (bytes: number) => formatBytes(bytes, locale)
  const [least, most] = [show(Math.min(...sizes)), show(Math.max(...sizes))]
  const each = platforms.map((one) => `${platformName(one)} ${show(one.Size)}`).join('\n')
  const sum = sizes.reduce((all, one) => all + one, 0)
  return (
    <data value={sum} title={`${each}\n${t('repositories.sum', { size: show(sum) })}`}>
      {least === most ? least : `${least} – ${most}`}
    </data>
  )
}
