// Says, ten minutes before a login ends for want of use, that it will, and keeps it on a press.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { fetchSession, sessionKey, useSessionRest } from '../api/session.ts'
import { Button } from '../patterns/button.tsx'
import { useNotices } from '../patterns/notices.tsx'
import { useWords } from '../words/use-words.ts'

const warnMs = 10 * 60_000
const askEveryMs = 60_000
const minuteMs = 60_000

export function RestNotice() {
  const { t } = useWords()
  const client = useQueryClient()
  const { tellError } = useNotices()
  const { data: session } = useSessionRest()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), askEveryMs)
    return () => clearInterval(timer)
  }, [])
  const endsAt = session?.restEndsAt ?? undefined
  if (endsAt === undefined || endsAt - now > warnMs || endsAt <= now) return null
  return (
    <div className="connection" role="status">
      <span>{t('frame.loginEnds', { n: Math.ceil((endsAt - now) / minuteMs) })}</span>
      <Button
        onClick={() => {
          fetchSession()
            .then(() => client.refetchQueries({ queryKey: sessionKey }))
            .catch(tellError)
        }}
      >
        {t('frame.stay')}
      </Button>
    </div>
  )
}
