// The settings in force: which were given, and which are the usual ones. Secrets are never shown.

import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { wholeList } from '../../patterns/whole-list.ts'
import { useWords } from '../../words/use-words.ts'

type Setting = Reply<'DescribeSystem'>['Settings'][number]

export function Settings() {
  const { t } = useWords()
  const state = useListState()
  const reply = useRead('DescribeSystem', {})
  const wanted = state.filter('given')
  const q = state.q.trim().toLowerCase()
  const rows = reply.data?.Settings.filter(
    ({ Name, Value, IsGiven }) =>
      (wanted === '' || IsGiven === (wanted === 'given')) &&
      `${Name} ${Value ?? ''}`.toLowerCase().includes(q),
  )
  const columns: readonly Column<Setting>[] = [
    { id: 'name', head: t('system.name'), cell: ({ Name }) => <code>{Name}</code> },
    {
      id: 'value',
      head: t('system.value'),
      cell: ({ Value, IsSecret, IsGiven }) => {
        if (IsSecret)
          return <span className="quiet">{t(IsGiven ? 'system.secret' : 'system.unset')}</span>
        if (Value === null || Value === '')
          return <span className="quiet">{t('system.unset')}</span>
        return <code className="free-text">{Value}</code>
      },
    },
    {
      id: 'given',
      head: t('system.origin'),
      cell: ({ IsGiven }) =>
        IsGiven ? <Chip tone="busy">{t('system.given')}</Chip> : <Chip>{t('system.usual')}</Chip>,
    },
  ]
  return (
    <ListPage
      isInner
      title={t('system.settings')}
      about={t('system.settingsAbout')}
      help="settings"
      list={wholeList(reply, rows)}
      state={state}
      searchFor={t('system.searchSettings')}
      filters={[
        {
          name: 'given',
          label: t('system.origin'),
          choices: [
            { value: 'given', label: t('system.given') },
            { value: 'usual', label: t('system.usual') },
          ],
        },
      ]}
      columns={columns}
      rowKey={({ Name }) => Name}
      countLabel={(n) => t('system.settingCount', { n })}
      empty={<Empty title={t('patterns.nothingFound')} />}
    />
  )
}
