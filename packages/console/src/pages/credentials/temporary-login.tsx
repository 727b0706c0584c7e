// A login for an hour as one command, made when the button is pressed that opens this. Closing forgets it.

import { useEffect, useRef, useState } from 'react'
import { TimeIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { LoginBlock } from './login-block.tsx'
import './credentials.css'

interface TemporaryLoginProps {
  readonly instance: string
  onClose(): void
}

interface Made {
  readonly login: Reply<'CreateInstanceToken'>
  readonly endsAt: number
}

/** However wrong the clock of this machine is. */
const longestMs = 3_600_000

export function TemporaryLogin({ instance, onClose }: TemporaryLoginProps) {
  const { t } = useWords()
  const { made, error, make } = useTemporaryLogin(instance)
  const leftMs = useTimeLeft(made?.endsAt)
  return (
    <Dialog
      title={t('credentials.temporaryTitle')}
      form="wide"
      onClose={onClose}
      foot={
        <>
          <Button onClick={make}>{t('credentials.makeAnother')}</Button>
          <Button theme="primary" onClick={onClose} data-first-focus="">
            {t('patterns.close')}
          </Button>
        </>
      }
    >
      <p>{t('credentials.temporaryAbout')}</p>
      {error !== undefined && <Failed error={error} retry={make} />}
      {error === undefined && !made && <Skeleton />}
      {made && (
        <>
          <p className="time-left">
            <TimeIcon aria-hidden="true" />
            {leftMs > 0 ? (
              <span role="timer">{t('credentials.timeLeft', { time: clockText(leftMs) })}</span>
            ) : (
              <span role="alert">{t('credentials.temporaryEnded')}</span>
            )}
          </p>
          {leftMs > 0 && (
            <LoginBlock
              instance={instance}
              user={made.login.Username}
              password={made.login.Token}
            />
          )}
        </>
      )}
    </Dialog>
  )
}

function useTemporaryLogin(instance: string) {
  const { mutateAsync } = useChange('CreateInstanceToken')
  const [made, setMade] = useState<Made>()
  const [error, setError] = useState<unknown>()
  const make = () => {
    setMade(undefined)
    setError(undefined)
    mutateAsync({ RegistryId: instance, TokenType: 'temp' }).then(
      (login) => setMade({ login, endsAt: Math.min(login.ExpTime, Date.now() + longestMs) }),
      setError,
    )
  }
  const isBegun = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: one is made when the dialog opens
  useEffect(() => {
    if (isBegun.current) return
    isBegun.current = true
    make()
  }, [])
  return { made, error, make }
}

const tickMs = 1000

function useTimeLeft(endsAt: number | undefined): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (endsAt === undefined) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [endsAt])
  return endsAt === undefined ? 0 : Math.max(0, endsAt - now)
}

/** 59:07 */
function clockText(ms: number): string {
  const seconds = Math.ceil(ms / tickMs)
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`
}
