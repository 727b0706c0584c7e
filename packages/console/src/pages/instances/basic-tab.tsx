// What an instance is: its names and addresses, how it is paid for, its switches and tags.

import { useState } from 'react'
import { EditIcon } from 'tdesign-icons-react'
import { useChange, useRead } from '../../api/use-api.ts'
import { editionWord } from '../../frame/instance-words.tsx'
import type { Instance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Chip, CopyButton, FreeText, Time } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { WhyRefused } from '../refusals/refusals-drawer.tsx'
import { AnonymousSwitch } from './anonymous-switch.tsx'
import { BillingTerm } from './billing-term.tsx'
import { EditTags } from './edit-tags.tsx'
import type { TabProps } from './instance.tsx'
import { canBeChanged } from './instance-dialog.tsx'
import { SwitchRow } from './switch-row.tsx'

export function BasicTab({ instance, may }: TabProps) {
  const { t } = useWords()
  return (
    <>
      {instance.Status === 'Running' && <NextThings id={instance.RegistryId} />}
      <Panel title={t('instances.tabBasic')}>
        <Facts
          facts={[
            { label: t('instances.name'), value: instance.RegistryName },
            { label: t('instances.id'), value: <code>{instance.RegistryId}</code> },
            { label: t('instances.edition'), value: editionWord(instance.RegistryType, t) },
            { label: t('instances.region'), value: instance.RegionName },
            { label: t('instances.created'), value: <Time at={instance.CreatedAt} /> },
            { label: t('instances.billing'), value: <BillingTerm instance={instance} /> },
          ]}
        />
      </Panel>
      <Addresses instance={instance} />
      <Switches instance={instance} may={may} />
      <TagsPanel instance={instance} may={may} />
    </>
  )
}

/** Of an instance that holds nothing yet. */
function NextThings({ id }: { readonly id: string }) {
  const { t } = useWords()
  const { data } = useRead('DescribeInstanceStatistics', { RegistryIds: [id] })
  if (data?.Statistics[0]?.NamespaceCount !== 0) return null
  return (
    <Panel title={t('instances.next')}>
      <div className="row">
        <LinkButton to={paths.namespaces(id)}>{t('instances.nextNamespace')}</LinkButton>
        <LinkButton to={paths.userCredentials(id)}>{t('instances.nextCredential')}</LinkButton>
        <LinkButton to={paths.welcome()}>{t('instances.nextPush')}</LinkButton>
      </div>
    </Panel>
  )
}

function Addresses({ instance }: { readonly instance: Instance }) {
  const { t } = useWords()
  const domain = (text: string) =>
    text === '' ? (
      <span className="quiet">{t('instances.noDomain')}</span>
    ) : (
      <>
        <code>{text}</code>
        <CopyButton text={text} what={text} />
      </>
    )
  return (
    <Panel title={t('instances.addresses')} actions={<WhyRefused instance={instance.RegistryId} />}>
      <Facts
        facts={[
          { label: t('instances.defaultDomain'), value: domain(instance.PublicDomain) },
          { label: t('instances.vpcDomain'), value: domain(instance.InternalEndpoint) },
        ]}
      />
    </Panel>
  )
}

function Switches({ instance, may }: TabProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const change = useChange('ModifyInstance')
  const { RegistryId } = instance
  const isOff = !may('tcr:ModifyInstance')
  const blocked = canBeChanged(instance) ? undefined : t('instances.notNow')
  const save = (input: { DeletionProtection?: boolean; EnableCosVersioning?: boolean }) =>
    change.mutateAsync({ RegistryId, ...input }).then(() => tell(t('instances.saved')))
  return (
    <Panel title={t('instances.switches')}>
      <AnonymousSwitch instance={instance} may={may} />
      <SwitchRow
        label={t('instances.protection')}
        help={t('instances.protectionHelp')}
        isOn={instance.DeletionProtection}
        isReadOnly={isOff}
        blocked={blocked}
        change={(isOn) => save({ DeletionProtection: isOn })}
      />
      <SwitchRow
        label={t('instances.versioning')}
        help={t('instances.versioningHelp')}
        isOn={instance.EnableCosVersioning}
        isReadOnly={isOff}
        blocked={blocked}
        change={(isOn) => save({ EnableCosVersioning: isOn })}
      />
      <SwitchRow
        label={t('instances.multiZone')}
        help={t('instances.multiZoneFixed')}
        isOn={instance.EnableCosMAZ}
        isReadOnly
      />
    </Panel>
  )
}

function TagsPanel({ instance, may }: TabProps) {
  const { t } = useWords()
  const [isEditing, setEditing] = useState(false)
  const tags = instance.TagSpecification?.Tags ?? []
  return (
    <Panel
      title={t('instances.tagsField')}
      actions={
        may('tag:ModifyResourceTags') && (
          <Button
            icon={<EditIcon />}
            blocked={canBeChanged(instance) ? undefined : t('instances.notNow')}
            onClick={() => setEditing(true)}
          >
            {t('instances.editTags')}
          </Button>
        )
      }
    >
      {tags.length === 0 ? (
        <p className="quiet">{t('instances.noTags')}</p>
      ) : (
        <ul className="row">
          {tags.map(({ Key, Value }) => (
            <li key={Key}>
              <Chip>
                <FreeText text={`${Key}: ${Value}`} />
              </Chip>
            </li>
          ))}
        </ul>
      )}
      {isEditing && <EditTags instance={instance} onClose={() => setEditing(false)} />}
    </Panel>
  )
}
