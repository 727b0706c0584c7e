// The rarer things that can be done with a tag.

import { call } from '../../api/call.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { downloadText } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'
import { inRepository, type RepositoryRights } from './repository-input.ts'
import type { TagRow } from './tag-columns.tsx'

interface TagActions {
  showHistory(tag: TagRow): void
  copy(tag: TagRow): void
  remove(tag: TagRow): void
}

export function useTagMenu(
  at: RepositoryAt,
  { mayRead, mayCopy, mayDeleteTags }: RepositoryRights,
  { showHistory, copy, remove }: TagActions,
): (tag: TagRow) => readonly MenuEntry[] {
  const { t } = useWords()
  const saveManifest = useSaveManifest(at)
  return (tag) => [
    ...(mayRead
      ? [{ id: 'layers', label: t('repositories.layers'), to: paths.image(at, tag.Tag) }]
      : []),
    ...(mayCopy
      ? [{ id: 'copy', label: t('repositories.copyOrRetag'), onSelect: () => copy(tag) }]
      : []),
    { id: 'history', label: t('repositories.tagHistory'), onSelect: () => showHistory(tag) },
    ...(mayRead
      ? [
          {
            id: 'manifest',
            label: t('repositories.saveManifest'),
            onSelect: () => void saveManifest(tag.Tag),
          },
        ]
      : []),
    ...(mayDeleteTags
      ? [
          {
            id: 'delete',
            label: t('repositories.delete'),
            isDangerous: true,
            blocked: tag.IsImmutable ? t('repositories.immutableHelp') : undefined,
            onSelect: () => remove(tag),
          },
        ]
      : []),
  ]
}

function useSaveManifest(at: RepositoryAt): (reference: string) => Promise<void> {
  const { tellError } = useNotices()
  return async (reference) => {
    try {
      const { Manifest } = await call('DescribeManifest', {
        ...inRepository(at),
        Reference: reference,
      })
      downloadText(manifestFile(at, reference), Manifest, 'application/json')
    } catch (error) {
      tellError(error)
    }
  }
}

export function manifestFile(at: RepositoryAt, reference: string): string {
  return `${at.path.replaceAll('/', '-')}-${reference.replace(':', '-')}.json`
}
