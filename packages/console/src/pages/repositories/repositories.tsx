// The repositories of an instance.

import { useInstanceId } from '../../frame/use-instance.ts'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { RepositoryList } from './repository-list.tsx'

export function RepositoriesPage() {
  const { t } = useWords()
  useTitle(t('repositories.title'))
  return <RepositoryList instance={useInstanceId()} />
}
