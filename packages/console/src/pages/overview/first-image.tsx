// Who has no image yet is led to the first push, until he says that he knows.

import { useState } from 'react'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

export function FirstImage({ tagCount }: { readonly tagCount: number }) {
  const { t } = useWords()
  const { uin } = usePerson()
  const key = `entrepot.welcomed.${uin}`
  const [isWelcomed, setWelcomed] = useState(() => localStorage.getItem(key) !== null)
  if (tagCount > 0 || isWelcomed) return null
  const leave = () => {
    localStorage.setItem(key, '1')
    setWelcomed(true)
  }
  return (
    <Banner
      actions={
        <span className="row">
          <LinkButton theme="primary" to={paths.welcome()}>
            {t('overview.toWelcome')}
          </LinkButton>
          <Button theme="text" onClick={leave}>
            {t('overview.notNow')}
          </Button>
        </span>
      }
    >
      <strong>{t('overview.noImage')}</strong>
      <p>{t('overview.noImageAbout')}</p>
    </Banner>
  )
}
