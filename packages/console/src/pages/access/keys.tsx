// API keys: one's own, and for administrators those of the users.

import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { KeyList } from './key-list.tsx'

export function KeysPage() {
  const { t } = useWords()
  useTitle(t('access.keys'))
  const person = usePerson()
  const state = useListState()
  const { may } = useRights([['cam:ListUsers', 'uin/*']])
  const isAdministrator = may('cam:ListUsers', 'uin/*')
  const { data } = useRead('ListUsers', {}, { isEnabled: isAdministrator })
  const others = (data?.Data ?? []).filter(({ Uin }) => Uin !== person.uin)
  const wanted = others.find(({ Uin }) => String(Uin) === state.filter('user'))
  const { Uin: uin, Name: name } = wanted ?? { Uin: person.uin, Name: person.name }
  return (
    <KeyList
      key={uin}
      uin={uin}
      name={name}
      whose={
        others.length > 0 && (
          <label className="inline-form">
            <span className="quiet">{t('access.whose')}</span>
            <select
              className="filter"
              value={wanted ? String(wanted.Uin) : ''}
              onChange={(event) => state.setFilter('user', event.target.value)}
            >
              <option value="">{t('access.ownKeys', { name: person.name })}</option>
              {others.map(({ Uin, Name }) => (
                <option key={Uin} value={Uin}>
                  {Name}
                </option>
              ))}
            </select>
          </label>
        )
      }
    />
  )
}
