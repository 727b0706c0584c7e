// Nobody passes who is not logged in. A login that ends while a page is open is asked for over the page, which stays
// as it is; another person starts at the overview.

import { useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import { type Person, useSession } from '../api/session.ts'
import { paths } from '../paths.ts'
import { Failed, Skeleton } from '../patterns/states.tsx'
import { withWords } from '../words/load-words.ts'
import { useWords } from '../words/use-words.ts'
import { PersonContext } from './person.ts'

const LoginAgain = lazy(withWords(['login'], () => import('../pages/login/login-again.tsx')))

export function Gate({ children }: { readonly children: ReactNode }) {
  const { t } = useWords()
  const { data: session, error, refetch } = useSession()
  const last = useRef<Person>(undefined)
  const navigate = useNavigate()
  const location = useRouterState({ select: (state) => state.location })
  const present = session?.person ?? undefined
  const isPassing = present !== undefined && (present.first ?? undefined) === undefined
  const before = last.current
  if (isPassing) last.current = present
  const isAnother = isPassing && before !== undefined && before.uin !== present.uin
  useEffect(() => {
    if (isAnother) void navigate({ to: paths.overview() })
  }, [isAnother, navigate])

  if (!session) {
    if (error) return <Failed error={error} retry={() => void refetch()} />
    return (
      <p role="status" className="spoken">
        {t('patterns.loading')}
      </p>
    )
  }
  const shown = isPassing ? present : before
  if (!shown) return <ToLogin next={location.href} />
  return (
    <PersonContext value={shown}>
      {children}
      {!isPassing && (
        <Suspense fallback={<Skeleton />}>
          <LoginAgain />
        </Suspense>
      )}
    </PersonContext>
  )
}

/** The address is read once: while the browser goes to the login it is already another one. */
function ToLogin({ next }: { readonly next: string }) {
  const navigate = useNavigate()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, however often it is drawn meanwhile
  useEffect(() => {
    const isPlain = next === paths.overview()
    void navigate({ to: paths.login(), search: isPlain ? {} : { next }, replace: true })
  }, [])
  return null
}
