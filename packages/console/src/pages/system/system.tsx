// The deployment, for who runs it: accounts, how it runs, its settings, where bytes lie, where the audit log goes.

import { useParams } from '@tanstack/react-router'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Tabs } from '../../patterns/detail.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { Accounts } from './accounts.tsx'
import { Forwardings } from './forwardings.tsx'
import { Health } from './health.tsx'
import { Settings } from './settings.tsx'
import { StorageBackends } from './storage-backends.tsx'
import './system.css'

const tabs: readonly (readonly [string, WordKey, () => React.ReactNode])[] = [
  ['accounts', 'system.accounts', Accounts],
  ['health', 'system.health', Health],
  ['storage', 'system.storage', StorageBackends],
  ['forwarding', 'system.forwarding', Forwardings],
  ['settings', 'system.settings', Settings],
]

export function SystemPage() {
  const { t } = useWords()
  const { tab: asked = '' } = useParams({ strict: false })
  const { isOperator } = usePerson()
  const [tab, title, Tab] = tabs.find(([id]) => id === asked) ?? tabs[0] ?? raise()
  useTitle(`${t(title)} · ${t('system.title')}`)
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('system.title')}</h1>
        <p className="page-about">{t('system.about')}</p>
      </header>
      {isOperator ? (
        <>
          <Tabs
            label={t('system.title')}
            current={tab}
            tabs={tabs.map(([id, word]) => ({ id, label: t(word), to: paths.system(id) }))}
          />
          <Tab />
        </>
      ) : (
        <Empty title={t('patterns.notAllowed')}>{t('system.operatorOnly')}</Empty>
      )}
    </>
  )
}

function raise(): never {
  throw new Error('the table of tabs is empty')
}
