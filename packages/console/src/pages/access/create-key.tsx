import { useState } from 'react'
import { basePath, type Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { CommandBlock } from '../../patterns/commands.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { SecretDialog } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'

interface CreateKeyProps {
  readonly uin: number
  readonly name: string
  readonly onClose: () => void
}

/** As the contract has it. */
const descriptionPattern = /^[\w+=,.@:/-]*$/

export function CreateKey({ uin, name, onClose }: CreateKeyProps) {
  const { t } = useWords()
  const [made, setMade] = useState<Reply<'CreateAccessKey'>>()
  const create = useChange('CreateAccessKey')
  const form = useForm({
    initial: { description: '' },
    check: ({ description }) => ({
      description: descriptionPattern.test(description) ? undefined : t('access.keyRule'),
    }),
    submit: async ({ description: Description }) =>
      setMade(await create.mutateAsync({ TargetUin: uin, Description })),
    apiNames: { description: 'Description' },
  })
  if (made?.AccessKey) return <KeySecret made={made.AccessKey} name={name} onClose={onClose} />
  return (
    <FormDialog
      title={t('access.createKey')}
      verb={t('access.createKey')}
      kind="dialog"
      form={form}
      onClose={onClose}
      onDone={() => {}}
    >
      <p>{t('access.createKeyAbout', { name })}</p>
      <TextField
        name="description"
        label={t('access.description')}
        help={t('access.keyRule')}
        maxLength={1024}
        hasFocus
      />
    </FormDialog>
  )
}

interface KeySecretProps {
  readonly made: NonNullable<Reply<'CreateAccessKey'>['AccessKey']>
  readonly name: string
  readonly onClose: () => void
}

function KeySecret({ made, name, onClose }: KeySecretProps) {
  const { t } = useWords()
  const { data: deployment } = useRead('DescribeDeployment', {})
  const address = `${location.origin}${basePath.replace(/console\/$/, '')}`
  const { AccessKeyId, SecretAccessKey } = made
  // What programs of this kind read. The secret is put in by the reader: a block on the screen is seen by others.
  const environment = [
    `export TENCENTCLOUD_SECRET_ID=${AccessKeyId}`,
    'read -rs TENCENTCLOUD_SECRET_KEY && export TENCENTCLOUD_SECRET_KEY',
    ...(deployment ? [`export TENCENTCLOUD_REGION=${deployment.RegionName}`] : []),
  ].join('\n')
  return (
    <SecretDialog
      title={t('access.keyMade')}
      about={t('access.keySecretAbout', { name })}
      parts={[
        { label: t('access.secretId'), value: AccessKeyId },
        { label: t('access.secretKey'), value: SecretAccessKey, isSecret: true },
        { label: t('access.apiAddress'), value: address },
      ]}
      fileName={`${AccessKeyId}.txt`}
      onClose={onClose}
    >
      <p className="command-label">{t('access.environment')}</p>
      <CommandBlock lines={environment} label={t('access.environment')} />
    </SecretDialog>
  )
}
