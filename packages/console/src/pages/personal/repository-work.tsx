// Opening and closing a repository, and deleting repositories with their tags.

import { call } from '../../api/call.ts'
import { useChange, useRefresh } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Count } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { usePersonalAddress } from './personal-address.ts'

interface ChangeAccessProps {
  readonly name: string
  readonly isPublic: boolean
  onClose(): void
}

export function ChangeAccess({ name, isPublic, onClose }: ChangeAccessProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyRepositoryAccessPersonal')
  return (
    <Confirm
      title={t(isPublic ? 'personal.closeTitle' : 'personal.openTitle', { name })}
      verb={t(isPublic ? 'personal.makePrivate' : 'personal.makePublic')}
      run={() => modify.mutateAsync({ RepoName: name, Public: isPublic ? 0 : 1 })}
      onClose={onClose}
      onDone={() => tell(t(isPublic ? 'personal.nowPrivate' : 'personal.nowPublic', { name }))}
    >
      <p>{t(isPublic ? 'personal.closeAbout' : 'personal.publicWarning')}</p>
    </Confirm>
  )
}

interface Deleted {
  readonly RepoName: string
  readonly TagCount: number
  readonly PullCount: number
}

interface DeleteRepositoriesProps {
  readonly repositories: readonly Deleted[]
  onClose(): void
  onDone?(): void
}

/** Of one call. */
const maxDeleted = 100
const namedAtOnce = 10

export function DeleteRepositories({ repositories, onClose, onDone }: DeleteRepositoriesProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const refresh = useRefresh()
  const address = usePersonalAddress()
  const names = repositories.map(({ RepoName }) => RepoName)
  const [first = ''] = names
  const isOne = names.length === 1
  async function run(): Promise<void> {
    try {
      for (let at = 0; at < names.length; at += maxDeleted) {
        const RepoNames = names.slice(at, at + maxDeleted)
        await call('BatchDeleteRepositoryPersonal', { RepoNames })
      }
    } finally {
      await refresh()
    }
  }
  const sum = (of: (one: Deleted) => number) => repositories.reduce((all, one) => all + of(one), 0)
  return (
    <Confirm
      title={
        isOne
          ? t('personal.deleteTitle', { name: first })
          : t('personal.deleteManyTitle', { n: names.length })
      }
      verb={t('personal.deleteRepositories', { n: names.length })}
      typeName={isOne ? first : address?.host}
      run={run}
      onClose={onClose}
      onDone={() => {
        tell(t('personal.repositoriesDeleted', { n: names.length }))
        onDone?.()
      }}
    >
      <p>{t('personal.deleteAbout')}</p>
      <Facts
        facts={[
          { label: t('personal.tags'), value: <Count value={sum(({ TagCount }) => TagCount)} /> },
          {
            label: t('personal.pulls'),
            value: <Count value={sum(({ PullCount }) => PullCount)} />,
          },
        ]}
      />
      {!isOne && (
        <details open={names.length <= namedAtOnce}>
          <summary>{t('personal.repositoryCount', { n: names.length })}</summary>
          <ul className="personal-names">
            {names.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Confirm>
  )
}
