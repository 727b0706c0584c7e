// A new group, with its members and policies in the same steps.

import { useChange } from '../../api/use-api.ts'
import { TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Pick, PolicyPicks, UserPicks } from './picks.tsx'

interface Values {
  readonly name: string
  readonly remark: string
  readonly users: readonly Pick[]
  readonly policies: readonly Pick[]
}

const initial: Values = { name: '', remark: '', users: [], policies: [] }

export function CreateGroup({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const create = useCreateGroup()
  const form = useForm<Values>({
    initial,
    check: ({ name }) => ({ name: name.trim() === '' ? t('access.nameMissing') : undefined }),
    submit: create,
    draftKey: 'group',
    apiNames: { name: 'GroupName', remark: 'Remark' },
  })
  const { name, users, policies } = form.values
  return (
    <FormDialog
      title={t('access.createGroup')}
      verb={t('access.createGroup')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.groupMade', { name }))
        onClose()
      }}
    >
      <TextField name="name" label={t('access.groupName')} maxLength={128} isRequired hasFocus />
      <TextField name="remark" label={t('access.remark')} maxLength={1024} />
      <UserPicks chosen={users} onChange={(chosen) => form.set('users', chosen)} />
      <PolicyPicks chosen={policies} onChange={(chosen) => form.set('policies', chosen)} />
    </FormDialog>
  )
}

/** The group is there after the first step: what fails afterwards is told, and can be done on its page. */
function useCreateGroup(): (values: Values) => Promise<void> {
  const { tellError } = useNotices()
  const create = useChange('CreateGroup')
  const join = useChange('AddUserToGroup')
  const attach = useChange('AttachGroupPolicy')
  return async ({ name, remark, users, policies }) => {
    const { GroupId } = await create.mutateAsync({ GroupName: name, Remark: remark })
    try {
      if (users.length > 0) {
        await join.mutateAsync({ Info: users.map(({ id }) => ({ GroupId, Uin: Number(id) })) })
      }
      for (const { id } of policies) {
        await attach.mutateAsync({ PolicyId: Number(id), AttachGroupId: GroupId })
      }
    } catch (error) {
      tellError(error)
    }
  }
}
