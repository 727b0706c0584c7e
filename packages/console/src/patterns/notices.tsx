// What is said in passing: a change that succeeded, with its undo; a failure that no field or form has a place for.
// Good news is spoken politely, failures at once.

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { Button, IconButton } from './button.tsx'
import { explainError } from './errors.tsx'

interface NoticeAction {
  readonly label: string
  run(): void
}

interface Notice {
  readonly id: number
  readonly content: ReactNode
  readonly isBad: boolean
  readonly action?: NoticeAction | undefined
  readonly isQuiet: boolean
}

interface TellOptions {
  readonly action?: NoticeAction
  /** Only spoken: what it says is seen already. */
  readonly isQuiet?: boolean
}

interface Notices {
  tell(content: ReactNode, options?: TellOptions): void
  tellError(error: unknown): void
}

const NoticesContext = createContext<Notices | undefined>(undefined)

export function useNotices(): Notices {
  const notices = useContext(NoticesContext)
  if (!notices) throw new Error('notices are asked for outside their provider')
  return notices
}

const shownMs = 6000
/** What can be undone takes the time to find the button. */
const shownWithActionMs = 20_000
const maxNotices = 4
let lastId = 0

export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useWords()
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const drop = useCallback((id: number) => {
    setNotices((all) => all.filter((one) => one.id !== id))
  }, [])
  const add = useCallback(
    (notice: Omit<Notice, 'id'>) => {
      lastId += 1
      const id = lastId
      setNotices((all) => [...all.slice(1 - maxNotices), { ...notice, id }])
      // Failures stay until they are closed: they have a request id to copy.
      if (!notice.isBad) setTimeout(() => drop(id), notice.action ? shownWithActionMs : shownMs)
    },
    [drop],
  )
  const value = useMemo<Notices>(
    () => ({
      tell: (content, { action, isQuiet = false } = {}) =>
        add({ content, action, isQuiet, isBad: false }),
      tellError: (error) => add({ content: explainError(error, t), isBad: true, isQuiet: false }),
    }),
    [add, t],
  )
  const region = (isBad: boolean) => (
    <div role={isBad ? 'alert' : 'status'} className="notices">
      {notices
        .filter((notice) => notice.isBad === isBad)
        .map((notice) => (
          <div
            key={notice.id}
            className={notice.isQuiet ? 'spoken' : `notice ${isBad ? 'notice-bad' : ''}`}
          >
            <div>{notice.content}</div>
            {notice.action && (
              <Button theme="text" onClick={notice.action.run}>
                {notice.action.label}
              </Button>
            )}
            {!notice.isQuiet && (
              <IconButton
                icon={<CloseIcon />}
                label={t('patterns.close')}
                onClick={() => drop(notice.id)}
              />
            )}
          </div>
        ))}
    </div>
  )
  return (
    <NoticesContext value={value}>
      {children}
      <div className="notice-corner">
        {region(false)}
        {region(true)}
      </div>
    </NoticesContext>
  )
}
