// A new role: who may take it on, for how long, and with which policies.

import { useChange } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { CheckField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { isName } from './names.ts'
import { type Pick, PolicyPicks } from './picks.tsx'
import { isJson, type TrustValues, trustDocument } from './trust.ts'
import { TrustFields } from './trust-fields.tsx'

interface Values extends TrustValues {
  readonly name: string
  readonly description: string
  readonly consoleLogin: boolean
  readonly duration: string
  readonly policies: readonly Pick[]
}

export function CreateRole({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { ownerUin } = usePerson()
  const create = useCreateRole(ownerUin)
  const form = useForm<Values>({
    initial: {
      name: '',
      description: '',
      trust: 'account',
      uin: String(ownerUin),
      service: '',
      provider: '',
      subject: '',
      document: '',
      consoleLogin: false,
      duration: '0',
      policies: [],
    },
    check: (values) => ({
      name: isName(values.name) ? undefined : t('access.nameRule'),
      duration: durationProblem(values.duration, t),
      ...trustProblems(values, t),
    }),
    submit: create,
    draftKey: 'role',
    apiNames: {
      name: 'RoleName',
      description: 'Description',
      document: 'PolicyDocument',
      duration: 'SessionDuration',
    },
  })
  const { name, policies } = form.values
  return (
    <FormDialog
      title={t('access.createRole')}
      verb={t('access.createRole')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.roleMade', { name }))
        onClose()
      }}
    >
      <TextField
        name="name"
        label={t('access.roleName')}
        help={t('access.nameRule')}
        maxLength={128}
        isRequired
        isFinal
        hasFocus
      />
      <TextField name="description" label={t('access.description')} maxLength={1024} />
      <TrustFields form={form} ownerUin={ownerUin} />
      <TextField
        name="duration"
        label={t('access.duration')}
        help={t('access.durationHelp')}
        type="number"
        min={0}
        max={maxDuration}
        suffix={t('access.secondsUnit')}
      />
      <CheckField
        name="consoleLogin"
        label={t('access.roleConsole')}
        help={t('access.roleConsoleHelp')}
      />
      <PolicyPicks chosen={policies} onChange={(chosen) => form.set('policies', chosen)} />
    </FormDialog>
  )
}

const maxDuration = 43_200

function durationProblem(text: string, t: Words['t']): string | undefined {
  const seconds = Number(text)
  const isRight =
    text.trim() !== '' && Number.isInteger(seconds) && seconds >= 0 && seconds <= maxDuration
  return isRight ? undefined : t('access.durationHelp')
}

/** Of the fields that the choice shows. */
function trustProblems({ trust, uin, service, provider, document }: TrustValues, t: Words['t']) {
  const missing = (text: string, isAsked: boolean) =>
    isAsked && text.trim() === '' ? t('access.fillIn') : undefined
  return {
    uin: missing(uin, trust === 'account' || trust === 'user'),
    service: missing(service, trust === 'service'),
    provider: missing(provider, trust === 'provider'),
    document: trust === 'json' && !isJson(document) ? t('access.notJson') : undefined,
  }
}

/** The role is there after the first step: what fails afterwards is told, and can be done on its page. */
function useCreateRole(ownerUin: number): (values: Values) => Promise<void> {
  const { tellError } = useNotices()
  const create = useChange('CreateRole')
  const attach = useChange('AttachRolePolicy')
  return async (values) => {
    const { RoleId } = await create.mutateAsync({
      RoleName: values.name,
      Description: values.description,
      PolicyDocument: trustDocument(values, ownerUin),
      ConsoleLogin: values.consoleLogin ? 1 : 0,
      SessionDuration: Number(values.duration),
    })
    try {
      for (const { id } of values.policies) {
        await attach.mutateAsync({ PolicyId: Number(id), AttachRoleId: RoleId })
      }
    } catch (error) {
      tellError(error)
    }
  }
}
