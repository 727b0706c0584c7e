// Setting up the second factor: a secret for the app on the phone, two codes in a row as the proof, and recovery codes,
// shown once. Also before anything else, where the account asks for it.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { CopyButton } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { QrPicture } from './qr-picture.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import './me.css'

interface SetUpFactorProps {
  /** The device counts; its recovery codes are being shown. */
  readonly onActive?: () => void
  /** They are said to be saved. */
  readonly onDone: () => void
}

export default function SetUpFactor({ onActive, onDone }: SetUpFactorProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const create = useChange('CreateMfaDevice')
  const device = create.data
  if (!device) {
    return (
      <div className="factor">
        <p>{t('me.factorAbout')}</p>
        <Button
          theme="primary"
          isBusy={create.isPending}
          onClick={() => create.mutate({}, { onError: tellError })}
        >
          {t('me.setUp')}
        </Button>
      </div>
    )
  }
  return <ActivateFactor device={device} onActive={onActive} onDone={onDone} />
}

const codePattern = /^\d{6}$/

interface ActivateFactorProps {
  readonly device: Reply<'CreateMfaDevice'>
  readonly onActive: (() => void) | undefined
  readonly onDone: () => void
}

function ActivateFactor({ device, onActive, onDone }: ActivateFactorProps) {
  const { t } = useWords()
  const [codes, setCodes] = useState<readonly string[]>()
  const activate = useChange('ActivateMfaDevice')
  const wrong = (code: string) =>
    codePattern.test(code.replaceAll(' ', '')) ? undefined : t('me.sixDigits')
  const form = useForm({
    initial: { first: '', second: '' },
    check: ({ first, second }) => ({
      first: wrong(first),
      second: second !== '' && first === second ? t('me.notTheSame') : wrong(second),
    }),
    submit: async ({ first, second }) => {
      const { RecoveryCodes: made } = await activate.mutateAsync({
        FirstCode: first.replaceAll(' ', ''),
        SecondCode: second.replaceAll(' ', ''),
      })
      onActive?.()
      setCodes(made)
    },
    apiNames: { first: 'FirstCode', second: 'SecondCode' },
  })
  if (codes) return <RecoveryCodes codes={codes} onClose={onDone} />
  return (
    <div className="factor">
      <ol className="steps">
        <li>
          <p>{t('me.scan')}</p>
          <div className="factor-secret">
            <QrPicture text={device.OtpauthUri} label={t('me.qrCode')} />
            <div>
              <p className="quiet">{t('me.orType')}</p>
              <p>
                <code className="secret">{inGroups(device.Secret)}</code>
                <CopyButton text={device.Secret} what={t('me.secret')} />
              </p>
              <p>
                <a href={device.OtpauthUri}>{t('me.openApp')}</a>
              </p>
            </div>
          </div>
        </li>
        <li>
          <p>{t('me.twoCodes')}</p>
          <Form form={{ ...form, isChanged: false }}>
            <TextField
              name="first"
              label={t('me.firstCode')}
              autoComplete="one-time-code"
              maxLength={7}
              isRequired
              hasFocus
            />
            <TextField
              name="second"
              label={t('me.secondCode')}
              help={t('me.secondCodeHelp')}
              maxLength={7}
              isRequired
            />
            <Button type="submit" theme="primary" isBusy={form.isBusy}>
              {t('me.activate')}
            </Button>
          </Form>
        </li>
      </ol>
    </div>
  )
}

/** `JBSW Y3DP`: read more easily. */
const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? secret
