// One's own second factor: set up, its recovery codes made anew, removed with a code.

import { lazy, Suspense, useState } from 'react'
import { useChange, useRead, useRefresh } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Status, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import './me.css'

const SetUpFactor = lazy(withWords(['me'], () => import('./set-up-factor.tsx')))

/** So few are left that new ones should be made. */
const fewCodes = 3

export function FactorTab() {
  const { t } = useWords()
  const { tell } = useNotices()
  const refresh = useRefresh()
  // While its codes are shown the device counts already: the page must not change under them.
  const [isSettingUp, setSettingUp] = useState(false)
  const { data: device, error, isPending } = useRead('DescribeMfaDevice', {})
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  return (
    <Panel title={t('me.factor')}>
      {device.IsActive && !isSettingUp ? (
        <ActiveFactor
          activeSince={device.ActivateTime ?? null}
          codesLeft={device.RecoveryCodesLeft}
        />
      ) : (
        <Suspense fallback={<Skeleton />}>
          <SetUpFactor
            onActive={() => setSettingUp(true)}
            onDone={() => {
              setSettingUp(false)
              tell(t('me.factorIsOn'))
              void refresh()
            }}
          />
        </Suspense>
      )}
    </Panel>
  )
}

interface ActiveFactorProps {
  readonly activeSince: string | null
  readonly codesLeft: number
}

function ActiveFactor({ activeSince, codesLeft }: ActiveFactorProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [open, setOpen] = useState<'codes' | 'remove'>()
  const [codes, setCodes] = useState<readonly string[]>()
  const renew = useChange('RegenerateRecoveryCodes')
  const remove = useChange('DeleteMfaDevice')
  const close = () => setOpen(undefined)
  return (
    <>
      <Facts
        facts={[
          { label: t('me.state'), value: <Status tone="good">{t('me.factorOn')}</Status> },
          { label: t('me.since'), value: <Time at={activeSince} /> },
          { label: t('me.codesLeft'), value: codesLeft },
        ]}
      />
      {codesLeft < fewCodes && <Banner tone="warn">{t('me.fewCodes')}</Banner>}
      <div className="me-buttons">
        <Button onClick={() => setOpen('codes')}>{t('me.newCodes')}</Button>
        <Button theme="danger-text" onClick={() => setOpen('remove')}>
          {t('me.remove')}
        </Button>
      </div>
      {open === 'codes' && (
        <WithCode
          title={t('me.newCodes')}
          about={t('me.newCodesAbout')}
          run={async (Code) => setCodes((await renew.mutateAsync({ Code })).RecoveryCodes)}
          onClose={close}
        />
      )}
      {open === 'remove' && (
        <WithCode
          title={t('me.remove')}
          about={t('me.removeAbout')}
          isDangerous
          run={async (Code) => {
            await remove.mutateAsync({ Code })
            tell(t('me.removed'))
          }}
          onClose={close}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </>
  )
}

interface WithCodeProps {
  readonly title: string
  readonly about: string
  readonly isDangerous?: boolean
  run(code: string): Promise<unknown>
  onClose(): void
}

/** What only who has the device may do. */
function WithCode({ title, about, isDangerous = false, run, onClose }: WithCodeProps) {
  const { t } = useWords()
  const form = useForm({
    initial: { code: '' },
    check: ({ code }) => ({ code: code.trim() === '' ? t('me.codeMissing') : undefined }),
    submit: ({ code }) => run(code.replaceAll(' ', '')),
    apiNames: { code: 'Code' },
  })
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button
            theme={isDangerous ? 'danger' : 'primary'}
            type="submit"
            form="with-code"
            isBusy={form.isBusy}
          >
            {title}
          </Button>
        </>
      }
    >
      <p>{about}</p>
      <Form form={{ ...form, isChanged: false }} id="with-code" onDone={onClose}>
        <TextField
          name="code"
          label={t('me.code')}
          help={t('me.codeHelp')}
          autoComplete="one-time-code"
          hasFocus
          isRequired
        />
      </Form>
    </Dialog>
  )
}
