// What an account may have in the Personal edition. The API tells quotas to the account itself alone, so what is left
// empty stays as it is.

import type { Request } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import type { Account } from './accounts.tsx'

type QuotaName = Request<'ModifyQuotaPersonal'>['Quotas'][number]['Name']

const quotas: readonly (readonly [QuotaName, WordKey])[] = [
  ['Namespaces', 'system.quotaNamespaces'],
  ['Repositories', 'system.quotaRepositories'],
  ['TagsPerRepository', 'system.quotaTags'],
  ['UploadBytes', 'system.quotaUpload'],
  ['DownloadBytes', 'system.quotaDownload'],
]
const names = quotas.map(([name]) => name)

interface PersonalQuotasProps {
  readonly account: Account
  onClose(): void
}

type Limits = Readonly<Record<QuotaName, string>>

const none: Limits = {
  Namespaces: '',
  Repositories: '',
  TagsPerRepository: '',
  UploadBytes: '',
  DownloadBytes: '',
}

export function PersonalQuotas({ account, onClose }: PersonalQuotasProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyQuotaPersonal')
  const form = useForm<Limits>({
    initial: none,
    check: (limits) => {
      const wrong = names.filter((name) => limits[name] !== '' && !isLimit(limits[name]))
      return Object.fromEntries(wrong.map((name) => [name, t('system.quotaRule')]))
    },
    submit: async (limits) => {
      const given = names.filter((name) => limits[name] !== '')
      if (given.length === 0) return
      const Quotas = given.map((Name) => ({ Name, Limit: Number(limits[Name]) }))
      await modify.mutateAsync({ Uin: account.Uin, Quotas })
    },
  })
  return (
    <FormDialog
      title={t('system.quotasOf', { name: account.Name })}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('system.saved'))
        onClose()
      }}
    >
      <p className="quiet">{t('system.quotasAbout')}</p>
      {quotas.map(([name, word]) => (
        <TextField
          key={name}
          name={name}
          type="number"
          min={-1}
          label={t(word)}
          placeholder={t('system.unchanged')}
        />
      ))}
    </FormDialog>
  )
}

function isLimit(text: string): boolean {
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= -1
}
