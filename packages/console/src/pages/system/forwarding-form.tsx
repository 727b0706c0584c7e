// Making a forwarding of the audit log, or changing one: syslog, or a file on the server.

import { useChange } from '../../api/use-api.ts'
import {
  AreaField,
  CheckField,
  FixedField,
  RadioField,
  SelectField,
  TextField,
} from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Forwarding } from './forwardings.tsx'

interface ForwardingFormProps {
  /** Undefined: a new one. */
  readonly forwarding?: Forwarding
  onClose(): void
}

/** RFC 5424: log audit. */
const usualFacility = 13
const mostFacility = 23

const protocols = ['Tcp', 'Tls', 'Udp'] as const

function initialOf(forwarding: Forwarding | undefined) {
  return {
    name: forwarding?.Name ?? '',
    kind: forwarding?.Kind ?? 'Syslog',
    address: forwarding?.Address ?? '',
    protocol: forwarding?.Protocol ?? 'Tcp',
    certificate: forwarding?.CaCertificate ?? '',
    facility: String(forwarding?.Facility ?? usualFacility),
    path: forwarding?.Path ?? '',
    enabled: forwarding?.Enabled ?? true,
  }
}

type Draft = ReturnType<typeof initialOf>

function settingsOf({ kind, address, protocol, certificate, facility, path, enabled }: Draft) {
  if (kind === 'File') return { Path: path, Enabled: enabled }
  return {
    Address: address,
    Protocol: protocols.find((one) => one === protocol) ?? 'Tcp',
    Facility: Number(facility),
    Enabled: enabled,
    ...(protocol === 'Tls' && certificate !== '' && { CaCertificate: certificate }),
  }
}

export function ForwardingForm({ forwarding, onClose }: ForwardingFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const create = useChange('CreateAuditForwarding')
  const modify = useChange('ModifyAuditForwarding')
  const isNew = forwarding === undefined
  const form = useForm({
    initial: initialOf(forwarding),
    check: ({ name, kind, address, path, facility }) => ({
      name: name.trim() === '' ? t('system.nameNeeded') : undefined,
      address: kind === 'Syslog' && !/.:\d+$/.test(address) ? t('system.addressRule') : undefined,
      path: kind === 'File' && path === '' ? t('system.pathNeeded') : undefined,
      facility: kind === 'Syslog' && !isFacility(facility) ? t('system.facilityRule') : undefined,
    }),
    submit: (draft) => {
      const input = { Name: draft.name.trim(), ...settingsOf(draft) }
      if (!isNew) return modify.mutateAsync(input)
      return create.mutateAsync({ ...input, Kind: draft.kind === 'File' ? 'File' : 'Syslog' })
    },
    ...(isNew && { draftKey: 'audit-forwarding' }),
    apiNames: {
      name: 'Name',
      address: 'Address',
      certificate: 'CaCertificate',
      facility: 'Facility',
      path: 'Path',
    },
  })
  const title = isNew
    ? t('system.createForwarding')
    : t('system.editForwarding', { name: forwarding.Name })
  return (
    <FormDialog
      title={title}
      form={form}
      verb={isNew ? t('system.createForwarding') : t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('system.saved'))
        onClose()
      }}
    >
      {isNew ? (
        <>
          <TextField
            name="name"
            label={t('system.name')}
            maxLength={64}
            isRequired
            isFinal
            hasFocus
          />
          <RadioField
            name="kind"
            label={t('system.kind')}
            choices={[
              { value: 'Syslog', label: t('system.syslog'), help: t('system.syslogHelp') },
              { value: 'File', label: t('system.file'), help: t('system.fileHelp') },
            ]}
          />
        </>
      ) : (
        <FixedField label={t('system.name')}>{forwarding.Name}</FixedField>
      )}
      {form.values.kind === 'File' ? (
        <TextField
          name="path"
          label={t('system.filePath')}
          help={t('system.filePathHelp')}
          maxLength={1024}
          isRequired
        />
      ) : (
        <SyslogFields isTls={form.values.protocol === 'Tls'} />
      )}
      <CheckField name="enabled" label={t('system.enabledBox')} isSwitch />
    </FormDialog>
  )
}

function SyslogFields({ isTls }: { readonly isTls: boolean }) {
  const { t } = useWords()
  return (
    <>
      <TextField
        name="address"
        label={t('system.address')}
        help={t('system.addressHelp')}
        maxLength={300}
        isRequired
      />
      <SelectField
        name="protocol"
        label={t('system.protocol')}
        choices={protocols.map((value) => ({ value, label: value.toUpperCase() }))}
      />
      {isTls && (
        <AreaField
          name="certificate"
          label={t('system.certificate')}
          help={t('system.certificateHelp')}
          isCode
        />
      )}
      <TextField
        name="facility"
        type="number"
        min={0}
        max={mostFacility}
        label={t('system.facility')}
        help={t('system.facilityHelp')}
      />
    </>
  )
}

function isFacility(text: string): boolean {
  const value = Number(text)
  return text !== '' && Number.isInteger(value) && value >= 0 && value <= mostFacility
}
