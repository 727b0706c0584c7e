// A new user, with all that he needs in one go: how he logs in, an API key, groups, policies.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { CheckField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { isName } from './names.ts'
import { PasswordFields } from './password-fields.tsx'
import { GroupPicks, type Pick, PolicyPicks } from './picks.tsx'
import { UserSecrets } from './user-secrets.tsx'

interface Values {
  readonly name: string
  readonly remark: string
  readonly email: string
  readonly how: string
  readonly password: string
  readonly mustChange: boolean
  readonly useApi: boolean
  readonly groups: readonly Pick[]
  readonly policies: readonly Pick[]
}

const initial: Values = {
  name: '',
  remark: '',
  email: '',
  how: 'made',
  password: '',
  mustChange: true,
  useApi: false,
  groups: [],
  policies: [],
}

export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [made, setMade] = useState<Reply<'AddUser'>>()
  const create = useCreateUser()
  const form = useForm<Values>({
    initial,
    check: ({ name, how, password }) => ({
      name: isName(name) ? undefined : t('access.nameRule'),
      password: how === 'typed' && password === '' ? t('access.passwordMissing') : undefined,
    }),
    submit: async (values) => setMade(await create(values)),
    draftKey: 'user',
    secrets: ['password'],
    apiNames: { name: 'Name', remark: 'Remark', email: 'Email', password: 'Password' },
  })
  const { name, how, useApi, groups, policies } = form.values
  if (made && (made.Password !== '' || made.SecretKey !== '')) {
    return <UserSecrets made={made} onClose={onClose} />
  }
  return (
    <FormDialog
      title={t('access.createUser')}
      verb={t('access.createUser')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.userMade', { name }))
        // With secrets to show it stays: they are closed by themselves.
        if (how !== 'made' && !useApi) onClose()
      }}
    >
      <TextField
        name="name"
        label={t('access.userName')}
        help={t('access.nameRule')}
        maxLength={128}
        isRequired
        isFinal
        hasFocus
      />
      <TextField name="remark" label={t('access.remark')} maxLength={1024} />
      <TextField name="email" label={t('access.email')} type="email" maxLength={254} />
      <PasswordFields
        how={how}
        label={t('access.consoleLogin')}
        others={[{ value: 'none', label: t('access.noLogin'), help: t('access.noLoginHelp') }]}
      />
      <CheckField name="useApi" label={t('access.withKey')} help={t('access.withKeyHelp')} />
      <GroupPicks chosen={groups} onChange={(chosen) => form.set('groups', chosen)} />
      <PolicyPicks chosen={policies} onChange={(chosen) => form.set('policies', chosen)} />
      {groups.length === 0 && policies.length === 0 && <Banner>{t('access.noRightsYet')}</Banner>}
    </FormDialog>
  )
}

/** The user is there after the first step: what fails afterwards is told, and can be done on his page. */
function useCreateUser(): (values: Values) => Promise<Reply<'AddUser'>> {
  const { tellError } = useNotices()
  const add = useChange('AddUser')
  const join = useChange('AddUserToGroup')
  const attach = useChange('AttachUserPolicy')
  return async (values) => {
    const { name, remark, email, how, password, mustChange, useApi, groups, policies } = values
    const hasLogin = how !== 'none'
    const made = await add.mutateAsync({
      Name: name,
      Remark: remark,
      Email: email,
      ConsoleLogin: hasLogin ? 1 : 0,
      UseApi: useApi ? 1 : 0,
      ...(how === 'typed' && { Password: password }),
      NeedResetPassword: hasLogin && mustChange ? 1 : 0,
    })
    try {
      if (groups.length > 0) {
        const Info = groups.map(({ id }) => ({ GroupId: Number(id), Uin: made.Uin }))
        await join.mutateAsync({ Info })
      }
      for (const { id } of policies) {
        await attach.mutateAsync({ PolicyId: Number(id), AttachUin: made.Uin })
      }
    } catch (error) {
      tellError(error)
    }
    return made
  }
}
