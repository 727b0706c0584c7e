// A new instance: its name, which is its domain; its edition, with what each has; storage, tags, protection, billing.

import { type Edition, editions, maxInstancesPerAccount } from '@entrepot/contract/editions.ts'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { editionWord } from '../../frame/instance-words.tsx'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb, Panel } from '../../patterns/detail.tsx'
import { CheckField, FixedField, RadioField } from '../../patterns/fields.tsx'
import { Form, type FormState, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Banner, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { WhomToAsk } from '../overview/whom-to-ask.tsx'
import { inAdvance } from './billing-term.tsx'
import { EditionCards } from './edition-cards.tsx'
import { EditionTable } from './edition-table.tsx'
import { NameField } from './name-field.tsx'
import { PrepaidFields } from './renew-instance.tsx'
import { StorageField } from './storage-field.tsx'
import { checkTags, filledTags, type TagRow, TagRows } from './tag-rows.tsx'
import { type NameCheck, useNameCheck } from './use-name-check.ts'
import './instances.css'

export interface NewInstance {
  readonly name: string
  readonly edition: Edition
  readonly billing: string
  readonly months: string
  readonly renewal: string
  readonly multiZone: boolean
  readonly versioning: boolean
  readonly protection: boolean
  /** Empty: the default one. */
  readonly storage: string
  readonly tags: readonly TagRow[]
}

/** Protection is off in the API and proposed on here: nobody deletes an instance in passing. */
const initial: NewInstance = {
  name: '',
  edition: editions[0] ?? 'basic',
  billing: '0',
  months: '12',
  renewal: '1',
  multiZone: false,
  versioning: false,
  protection: true,
  storage: '',
  tags: [],
}

export function NewInstancePage() {
  const { t } = useWords()
  useTitle(t('instances.create'))
  const { may, isKnown } = useRights([createRight])
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('instances.title'), to: paths.instances() },
          { label: t('instances.create') },
        ]}
      />
      <header className="page-head">
        <h1 tabIndex={-1}>{t('instances.create')}</h1>
        <p className="page-about">{t('instances.createAbout')}</p>
      </header>
      {!isKnown ? (
        <Skeleton />
      ) : may(...createRight) ? (
        <NewInstanceForm />
      ) : (
        <WhomToAsk statement={createStatement} about={t('instances.mayNotCreate')} />
      )}
    </>
  )
}

const createRight = ['tcr:CreateInstance'] as const
const createStatement = { effect: 'allow', action: ['tcr:CreateInstance'], resource: ['*'] }

function NewInstanceForm() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { tell } = useNotices()
  const create = useChange('CreateInstance')
  const made = useRef('')
  const { data: deployment } = useRead('DescribeDeployment', {})
  const { data: present } = useRead('DescribeInstances', { Limit: 1 })
  const used = present?.TotalCount ?? 0
  const [typed, setTyped] = useState('')
  const check = useNameCheck(typed)
  const form = useForm<NewInstance>({
    initial,
    check: ({ name, tags }) => ({
      name: problemOf(name, check, t),
      tags: checkTags(tags, t),
    }),
    submit: async (values) => {
      made.current = (await create.mutateAsync(inputOf(values))).RegistryId
    },
    draftKey: 'new-instance',
    apiNames: {
      name: 'RegistryName',
      edition: 'RegistryType',
      storage: 'StorageName',
      tags: 'TagSpecification',
    },
  })
  const { name } = form.values
  useEffect(() => setTyped(name), [name])
  const isFull = used >= maxInstancesPerAccount
  return (
    <>
      {isFull && (
        <Banner tone="warn">{t('instances.full', { used, limit: maxInstancesPerAccount })}</Banner>
      )}
      <div className="new-instance">
        <section className="panel" aria-label={t('instances.create')}>
          <Form
            form={form}
            id="new-instance"
            onDone={() => {
              tell(t('instances.isCreating', { name: form.values.name }))
              void navigate({ to: paths.instance(made.current) })
            }}
          >
            <NameField check={check} />
            <FixedField label={t('instances.region')}>{deployment?.RegionName ?? '–'}</FixedField>
            <EditionCards />
            <BillingFields form={form} t={t} />
            <StorageField />
            <CheckField
              name="multiZone"
              isSwitch
              label={t('instances.multiZone')}
              help={t('instances.multiZoneHelp')}
            />
            <CheckField
              name="versioning"
              isSwitch
              label={t('instances.versioning')}
              help={t('instances.versioningHelp')}
            />
            <CheckField
              name="protection"
              isSwitch
              label={t('instances.protection')}
              help={t('instances.protectionHelp')}
            />
            <TagRows />
            <p className="quiet">{t('instances.finalParts')}</p>
            <div className="form-foot">
              <Button
                theme="primary"
                type="submit"
                isBusy={form.isBusy}
                blocked={
                  isFull ? t('instances.full', { used, limit: maxInstancesPerAccount }) : undefined
                }
              >
                {t('instances.create')}
              </Button>
              <LinkButton to={paths.instances()}>{t('patterns.cancel')}</LinkButton>
            </div>
          </Form>
        </section>
        <Preview values={form.values} base={deployment?.BaseDomain ?? null} t={t} />
      </div>
    </>
  )
}

/** The answer is about what was typed before, until the next one is there. */
function problemOf(name: string, check: NameCheck, t: Words['t']): string | undefined {
  if (name === '') return t('instances.nameMissing')
  return check.problem === undefined ? undefined : t(check.problem)
}

function inputOf(values: NewInstance) {
  const tags = filledTags(values.tags)
  const isPrepaid = Number(values.billing) === inAdvance
  return {
    RegistryName: values.name,
    RegistryType: values.edition,
    RegistryChargeType: Number(values.billing),
    EnableCosMAZ: values.multiZone,
    EnableCosVersioning: values.versioning,
    DeletionProtection: values.protection,
    ...(values.storage !== '' && { StorageName: values.storage }),
    ...(isPrepaid && {
      RegistryChargePrepaid: { Period: Number(values.months), RenewFlag: Number(values.renewal) },
    }),
    ...(tags.length > 0 && {
      TagSpecification: {
        ResourceType: 'instance',
        Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
      },
    }),
  }
}

interface BillingFieldsProps {
  readonly form: FormState<NewInstance>
  readonly t: Words['t']
}

function BillingFields({ form, t }: BillingFieldsProps) {
  return (
    <>
      <RadioField
        name="billing"
        label={t('instances.billing')}
        choices={[
          { value: '0', label: t('instances.byUse'), help: t('instances.byUseHelp') },
          { value: '1', label: t('instances.prepaid'), help: t('instances.expiredHelp') },
        ]}
      />
      {Number(form.values.billing) === inAdvance && <PrepaidFields t={t} />}
    </>
  )
}

interface PreviewProps {
  readonly values: NewInstance
  /** Null: instances have no domain of their own here. */
  readonly base: string | null
  readonly t: Words['t']
}

/** Beside the form: the domain as it is typed, and what the chosen edition has. */
function Preview({ values, base, t }: PreviewProps) {
  const name = values.name === '' ? t('instances.namePlace') : values.name
  return (
    <div className="new-instance-side">
      <Panel title={t('instances.domain')}>
        {base === null ? (
          <p className="quiet">{t('instances.noBaseDomain')}</p>
        ) : (
          <dl className="stack" aria-live="polite">
            <div>
              <dt className="quiet">{t('instances.defaultDomain')}</dt>
              <dd>
                <code className="domain">{`${name}.${base}`}</code>
              </dd>
            </div>
            <div>
              <dt className="quiet">{t('instances.vpcDomain')}</dt>
              <dd>
                <code className="domain">{`${name}-vpc.${base}`}</code>
              </dd>
            </div>
          </dl>
        )}
        <p className="quiet">{t('instances.domainHelp')}</p>
      </Panel>
      <Panel title={`${t('instances.specification')} · ${editionWord(values.edition, t)}`}>
        <EditionTable chosen={values.edition} />
      </Panel>
    </div>
  )
}
