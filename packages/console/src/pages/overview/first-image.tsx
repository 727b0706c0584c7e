// Who has no image yet is led to the first push, until he says that he knows.

import { useState } from 'react'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

const keyOf = (uin: number): string => `entrepot.welcomed.${uin}`

/** On this browser. */
export function markWelcomed(uin: number): void {
  localStorage.setItem(keyOf(uin), '1')
}

export function FirstImage({ tagCount }: { readonly tagCount: number }) {
  const { t } = useWords()
  const { uin } = usePerson()
  const [isWelcomed, setWelcomed] = useState(() => localStorage.getItem(keyOf(uin)) !== null)
  if (tagCount > 0 || isWelcomed) return null
  const leave = () => {
    markWelcomed(uin)
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
