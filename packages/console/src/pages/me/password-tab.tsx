import { useState } from 'react'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { PasswordField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { usePasswordRules } from '../access/password-fields.tsx'

/** Each try begins with empty fields: passwords don't stay in a page. */
export function PasswordTab() {
  const [done, setDone] = useState(0)
  return <ChangePassword key={done} onDone={() => setDone(done + 1)} />
}

function ChangePassword({ onDone }: { readonly onDone: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const rules = usePasswordRules()
  const change = useChange('ModifyPassword')
  const form = useForm({
    initial: { old: '', next: '', again: '' },
    check: ({ old, next, again }) => ({
      old: old === '' ? t('me.passwordMissing') : undefined,
      next: next === '' ? t('me.passwordMissing') : undefined,
      again: again === next ? undefined : t('me.differs'),
    }),
    submit: ({ old, next }) => change.mutateAsync({ OldPassword: old, NewPassword: next }),
    apiNames: { old: 'OldPassword', next: 'NewPassword' },
  })
  return (
    <Panel title={t('me.changePassword')}>
      <p className="quiet">{t('me.changePasswordAbout')}</p>
      <Form
        form={{ ...form, isChanged: false }}
        onDone={() => {
          tell(t('me.passwordChanged'))
          onDone()
        }}
      >
        <PasswordField
          name="old"
          label={t('me.oldPassword')}
          autoComplete="current-password"
          isRequired
        />
        <PasswordField
          name="next"
          label={t('me.newPassword')}
          help={rules}
          autoComplete="new-password"
          isRequired
        />
        <PasswordField name="again" label={t('me.again')} autoComplete="new-password" isRequired />
        <div className="form-foot">
          <Button type="submit" theme="primary" isBusy={form.isBusy}>
            {t('me.changePassword')}
          </Button>
        </div>
      </Form>
    </Panel>
  )
}
