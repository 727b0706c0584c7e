// Says that the server can't be reached, and when it is tried again. What was read stays; writes wait for the person.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isUnreachable } from '../api/call.ts'
import { fetchSession } from '../api/session.ts'
import { Button } from '../patterns/button.tsx'
import { useWords } from '../words/use-words.ts'

const firstWaitSeconds = 2
const maxWaitSeconds = 30
const secondMs = 1000

export function ConnectionBar() {
  const { t } = useWords()
  const client = useQueryClient()
  const [wait, setWait] = useState(0)
  const [left, setLeft] = useState(0)
  const isLost = wait > 0

  useEffect(() => {
    const lose = () => {
      setWait((seconds) => seconds || firstWaitSeconds)
      setLeft((seconds) => seconds || firstWaitSeconds)
    }
    const stops = [client.getQueryCache(), client.getMutationCache()].map((cache) =>
      cache.subscribe((event: { type: string; query?: unknown; mutation?: unknown }) => {
        const subject = (event.query ?? event.mutation) as { state?: QueryOutcome } | undefined
        if (
          isUnreachable(
            subject?.state?.fetchFailureReason ?? subject?.state?.failureReason ?? undefined,
          )
        )
          lose()
      }),
    )
    return () => {
      for (const stop of stops) stop()
    }
  }, [client])

  useEffect(() => {
    if (!isLost) return
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), secondMs)
    return () => clearInterval(timer)
  }, [isLost])

  async function tryNow(): Promise<void> {
    try {
      await fetchSession()
      setWait(0)
      setLeft(0)
      await client.invalidateQueries()
    } catch {
      // Still away: the bar goes on saying so.
      const next = Math.min(maxWaitSeconds, wait * 2)
      setWait(next)
      setLeft(next)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once each time the wait is over
  useEffect(() => {
    if (isLost && left === 0) void tryNow()
  }, [isLost, left])

  if (!isLost) return null
  return (
    <div className="connection" role="alert">
      <span>{t('frame.connectionLost', { n: left })}</span>
      <Button onClick={() => void tryNow()}>{t('patterns.tryAgain')}</Button>
    </div>
  )
}

interface QueryOutcome {
  readonly fetchFailureReason?: unknown
  readonly failureReason?: unknown
}
