// Who is logged in, the way to what is his own, and out.

import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { UserCircleIcon } from 'tdesign-icons-react'
import { logOut, sessionKey } from '../api/session.ts'
import { paths } from '../paths.ts'
import { Menu } from '../patterns/menu.tsx'
import { useNotices } from '../patterns/notices.tsx'
import { useWords } from '../words/use-words.ts'
import { usePerson } from './person.ts'

export function PersonMenu() {
  const { t } = useWords()
  const person = usePerson()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { tellError } = useNotices()
  async function leave(): Promise<void> {
    try {
      await logOut()
    } catch (error) {
      return tellError(error)
    }
    // Nothing that this person saw stays for the next one.
    client.clear()
    await client.invalidateQueries({ queryKey: sessionKey })
    await navigate({ to: paths.login() })
  }
  const name = person.roleName ?? person.name
  return (
    <Menu
      label={t('frame.person', { name })}
      className="button button-text person"
      button={
        <>
          <UserCircleIcon />
          <span className="person-name">{name}</span>
        </>
      }
      entries={[
        { id: 'me', label: t('frame.profile'), to: paths.me() },
        { id: 'keys', label: t('frame.apiKeys'), to: paths.access('keys') },
        { id: 'welcome', label: t('frame.firstPush'), to: paths.welcome() },
        { id: 'help', label: t('frame.help'), to: paths.help('README') },
        { id: 'out', label: t('frame.logOut'), onSelect: () => void leave() },
      ]}
    />
  )
}
