// Who a user is, and how he logs in: switched, unlocked, freed of a lost device here.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Status, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

import { UserFacts, type UserProps } from './user-facts.tsx'

export function UserBasic({ uin, name }: UserProps) {
  return (
    <>
      <UserFacts uin={uin} name={name} />
      <LoginPanel uin={uin} name={name} />
    </>
  )
}

type Question = 'login-off' | 'factor'

function LoginPanel({ uin, name }: UserProps) {
  const { t } = useWords()
  const resource = `uin/${uin}`
  const { may } = useRights([
    ['cam:UpdateUser', resource],
    ['cam:UnlockUser', resource],
    ['cam:DeleteMfaDevice', resource],
    ['cam:SetMfaFlag', resource],
  ])
  const [question, setQuestion] = useState<Question>()
  const { tell, tellError } = useNotices()
  const update = useChange('UpdateUser')
  const unlock = useChange('UnlockUser')
  const { data: login, error, isPending } = useRead('DescribeUserLogin', { TargetUin: uin })
  const { data: user } = useRead('GetUser', { Name: name })
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  const mayLogIn = user?.ConsoleLogin === 1
  const doing = (work: Promise<unknown>, said: string) =>
    void work.then(() => tell(said)).catch(tellError)
  return (
    <Panel title={t('access.login')}>
      <Facts
        facts={[
          {
            label: t('access.consoleLogin'),
            value: (
              <>
                <Status tone={mayLogIn ? 'good' : 'off'}>
                  {t(mayLogIn ? 'access.allowed' : 'access.disabled')}
                </Status>{' '}
                {may('cam:UpdateUser', resource) && (
                  <Button
                    theme="text"
                    onClick={() =>
                      mayLogIn
                        ? setQuestion('login-off')
                        : doing(
                            update.mutateAsync({ Name: name, ConsoleLogin: 1 }),
                            t('access.loginTurnedOn', { name }),
                          )
                    }
                  >
                    {t(mayLogIn ? 'access.disable' : 'access.enable')}
                  </Button>
                )}
              </>
            ),
          },
          {
            label: t('access.password'),
            value: login.HasPassword ? (
              <>
                {t('access.passwordSet')}{' '}
                <span className="quiet">
                  <Time at={login.PasswordChangeTime} />
                </span>
              </>
            ) : (
              <span className="quiet">{t('access.noPassword')}</span>
            ),
          },
          login.NeedResetPassword
            ? {
                label: t('access.atNextLogin'),
                value: <Status tone="warn">{t('access.willChange')}</Status>,
              }
            : undefined,
          {
            label: t('access.factor'),
            value: (
              <>
                <Status tone={login.HasMfaDevice ? 'good' : 'off'}>
                  {t(login.HasMfaDevice ? 'access.factorOn' : 'access.factorOff')}
                </Status>{' '}
                {login.HasMfaDevice && may('cam:DeleteMfaDevice', resource) && (
                  <Button theme="text" onClick={() => setQuestion('factor')}>
                    {t('access.removeFactor')}
                  </Button>
                )}
              </>
            ),
          },
          { label: t('access.sessions'), value: login.SessionCount },
        ]}
      />
      <FactorAsked uin={uin} mayChange={may('cam:SetMfaFlag', resource)} />
      {login.Locks.length > 0 && (
        <section>
          <h3>{t('access.locks')}</h3>
          <ul>
            {login.Locks.map(({ Address, Failures, LockedUntil }) => (
              <li key={Address}>
                <code>{Address}</code> {t('access.failures', { n: Failures })}{' '}
                {LockedUntil && (
                  <Status tone="warn">
                    {t('access.lockedUntil')} <Time at={LockedUntil} />
                  </Status>
                )}
              </li>
            ))}
          </ul>
          {may('cam:UnlockUser', resource) && (
            <Button
              isBusy={unlock.isPending}
              onClick={() =>
                doing(unlock.mutateAsync({ TargetUin: uin }), t('access.unlocked', { name }))
              }
            >
              {t('access.unlock')}
            </Button>
          )}
        </section>
      )}
      {question !== undefined && (
        <LoginQuestion
          question={question}
          uin={uin}
          name={name}
          onClose={() => setQuestion(undefined)}
        />
      )}
    </Panel>
  )
}

/** Whether the next login must set up a second factor before anything else. */
function FactorAsked({ uin, mayChange }: { readonly uin: number; readonly mayChange: boolean }) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const set = useChange('SetMfaFlag')
  const { data } = useRead('DescribeSafeAuthFlagColl', { SubUin: uin })
  const isAsked = data?.LoginFlag?.Stoken === 1
  if (!data) return null
  return (
    <label className="choice">
      <input
        type="checkbox"
        role="switch"
        className="switch"
        checked={isAsked}
        aria-checked={isAsked}
        disabled={!mayChange || set.isPending}
        onChange={() =>
          set.mutate({ OpUin: uin, LoginFlag: { Stoken: isAsked ? 0 : 1 } }, { onError: tellError })
        }
      />
      <span>
        {t('access.factorAsked')}
        <small className="field-help">{t('access.factorAskedHelp')}</small>
      </span>
    </label>
  )
}

interface LoginQuestionProps extends UserProps {
  readonly question: Question
  readonly onClose: () => void
}

function LoginQuestion({ question, uin, name, onClose }: LoginQuestionProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const update = useChange('UpdateUser')
  const endAll = useChange('DeleteUserSessions')
  const removeFactor = useChange('DeleteMfaDevice')
  if (question === 'factor') {
    return (
      <Confirm
        title={t('access.removeFactorOf', { name })}
        verb={t('access.removeFactor')}
        run={() => removeFactor.mutateAsync({ TargetUin: uin })}
        onClose={onClose}
        onDone={() => tell(t('access.factorRemoved', { name }))}
      >
        <p>{t('access.removeFactorAbout')}</p>
      </Confirm>
    )
  }
  return (
    <Confirm
      title={t('access.disableTitle', { name })}
      verb={t('access.disableLogin')}
      run={async () => {
        await update.mutateAsync({ Name: name, ConsoleLogin: 0 })
        await endAll.mutateAsync({ TargetUin: uin })
      }}
      onClose={onClose}
      onDone={() => tell(t('access.loginTurnedOff', { name }))}
    >
      <p>{t('access.disableAbout')}</p>
    </Confirm>
  )
}
