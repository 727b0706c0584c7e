// Nobody passes who is not logged in. A login that ends while a page is open is asked for over the page, which stays
// as it is; another person starts at the overview.

import { Navigate, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { type Person, useSession } from '../api/session.ts'
import { paths } from '../paths.ts'
import { Failed, Skeleton } from '../patterns/states.tsx'
import { useWords } from '../words/use-words.ts'
import { PersonContext } from './person.ts'

const LoginAgain = lazy(() => import('../pages/login/login-again.tsx'))

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

  if (!session) {
    if (error) return <Failed error={error} retry={() => void refetch()} />
    return (
      <p role="status" className="spoken">
        {t('patterns.loading')}
      </p>
    )
  }
  if (isPassing && before !== undefined && before.uin !== present.uin) {
    void navigate({ to: paths.overview() })
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
  const [asked] = useState(next)
  return <Navigate to={paths.login()} search={loginSearch(asked)} replace />
}

function loginSearch(next: string): Record<string, string> {
  return next === paths.overview() || next.startsWith(paths.login()) ? {} : { next }
}
