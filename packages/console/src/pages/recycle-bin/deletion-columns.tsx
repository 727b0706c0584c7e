// The rows of the recycle bin.

import { shortDigest } from '../../patterns/format.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Time } from '../../patterns/shown.tsx'
import type { WordKey, Words } from '../../words/use-words.ts'
import { ByWhom } from '../repositories/by-whom.tsx'
import type { Deletion } from './recycle-bin.tsx'

/** "demo/app:v1", "demo/app@a1b2c3", "demo/app". */
export function imageOf({ Kind, NamespaceName, RepositoryName, Name }: Deletion): string {
  const path = `${NamespaceName}/${RepositoryName}`
  switch (Kind) {
    case 'Tag':
      return `${path}:${Name}`
    case 'Manifest':
      return `${path}@${shortDigest(Name)}`
    case 'Repository':
      return path
  }
}

const kindWords: Readonly<Record<Deletion['Kind'], WordKey>> = {
  Tag: 'bin.kindTag',
  Manifest: 'bin.kindManifest',
  Repository: 'bin.kindRepository',
}

const causeWords: Readonly<Record<string, WordKey>> = {
  user: 'bin.byHand',
  retention: 'bin.byRetention',
  system: 'bin.bySystem',
}

export function causeWord(cause: string, t: Words['t']): string {
  const word = causeWords[cause]
  return word === undefined ? cause : t(word)
}

function kindWord({ Kind, ArtifactKind }: Deletion, t: Words['t']): string {
  if (ArtifactKind === 'Chart') return t('bin.kindChart')
  return t(kindWords[Kind])
}

export function deletionColumns(_instance: string, t: Words['t']): readonly Column<Deletion>[] {
  return [
    {
      id: 'name',
      head: t('bin.name'),
      cell: (deletion) => (
        <span className="bin-name">
          <bdi>{imageOf(deletion)}</bdi>
          <span className="row">
            <Chip>{kindWord(deletion, t)}</Chip>
            {deletion.Kind !== 'Tag' && deletion.TagCount !== null && (
              <span className="quiet">{t('bin.tags', { n: deletion.TagCount })}</span>
            )}
          </span>
        </span>
      ),
    },
    {
      id: 'size',
      head: t('bin.size'),
      cell: ({ Size }) => <Bytes value={Size} />,
      isNumber: true,
      width: '7rem',
    },
    {
      id: 'deleted',
      head: t('bin.deleted'),
      cell: ({ DeleteTime }) => <Time at={DeleteTime} />,
      width: '9rem',
    },
    {
      id: 'by',
      head: t('bin.by'),
      cell: ({ DeletedBy }) => <ByWhom name={DeletedBy} />,
      width: '9rem',
    },
    {
      id: 'cause',
      head: t('bin.cause'),
      cell: ({ Cause }) => causeWord(Cause, t),
      width: '7rem',
    },
    {
      id: 'goes',
      head: t('bin.goes'),
      cell: ({ GoesTime }) => <Time at={GoesTime} />,
      width: '9rem',
    },
  ]
}
