// Who may take on a role: shown in short, and changed as the document that it is.

import { useState } from 'react'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { AreaField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'
import { indented, isJson } from './trust.ts'
import { TrustedList } from './trusted-list.tsx'

interface RoleTrustProps {
  readonly role: { readonly RoleId: string; readonly PolicyDocument: string }
}

export function RoleTrust({ role }: RoleTrustProps) {
  const { t } = useWords()
  const [isEditing, setEditing] = useState(false)
  const resource = `role/${role.RoleId}`
  const { may } = useRights([['cam:UpdateAssumeRolePolicy', resource]])
  return (
    <Panel
      title={t('access.trustPolicy')}
      actions={
        !isEditing &&
        may('cam:UpdateAssumeRolePolicy', resource) && (
          <Button onClick={() => setEditing(true)}>{t('access.edit')}</Button>
        )
      }
    >
      <p className="quiet">{t('access.trustAbout')}</p>
      <TrustedList document={role.PolicyDocument} />
      {isEditing ? (
        <EditTrust role={role} onDone={() => setEditing(false)} />
      ) : (
        <CommandBlock lines={indented(role.PolicyDocument)} label={t('access.trustPolicy')} />
      )}
    </Panel>
  )
}

function EditTrust({ role, onDone }: RoleTrustProps & { readonly onDone: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const update = useChange('UpdateAssumeRolePolicy')
  const form = useForm({
    initial: { document: indented(role.PolicyDocument) },
    check: ({ document }) => ({
      document: isJson(document) ? undefined : t('access.notJson'),
    }),
    submit: ({ document: PolicyDocument }) =>
      update.mutateAsync({ RoleId: role.RoleId, PolicyDocument }),
    apiNames: { document: 'PolicyDocument' },
  })
  return (
    <Form
      form={form}
      onDone={() => {
        tell(t('access.trustSaved'))
        onDone()
      }}
    >
      <AreaField
        name="document"
        label={t('access.trustPolicy')}
        help={t('access.trustEditHelp')}
        rows={18}
        isCode
      />
      <div className="form-foot">
        <Button type="submit" theme="primary" isBusy={form.isBusy}>
          {t('patterns.save')}
        </Button>
        <Button onClick={onDone}>{t('patterns.cancel')}</Button>
      </div>
    </Form>
  )
}
