// Whether public namespaces may be pulled from without a login. Turning it on says what opens; off, who will notice.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { TabProps } from './instance.tsx'
import { canBeChanged } from './instance-dialog.tsx'
import { SwitchRow } from './switch-row.tsx'

export function AnonymousSwitch({ instance, may }: TabProps) {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  const isOn = instance.EnableAnonymous
  return (
    <>
      <SwitchRow
        label={t('instances.anonymous')}
        help={t(isOn ? 'instances.anonymousOnHelp' : 'instances.anonymousOffHelp')}
        isOn={isOn}
        isReadOnly={!may('tcr:ModifyInstanceAnonymousAccess')}
        blocked={canBeChanged(instance) ? undefined : t('instances.notNow')}
        change={() => {
          setAsking(true)
          return undefined
        }}
      />
      {isAsking && <ConfirmTurn instance={instance} onClose={() => setAsking(false)} />}
    </>
  )
}

interface ConfirmTurnProps {
  readonly instance: Instance
  onClose(): void
}

const named = 10

function ConfirmTurn({ instance, onClose }: ConfirmTurnProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const change = useChange('ModifyInstanceAnonymousAccess')
  const { RegistryId, EnableAnonymous: isOn } = instance
  const { data, isPending } = useRead('DescribeInstanceAnonymousAccess', { RegistryId })
  const open = data?.Namespaces ?? []
  const repositories = open.reduce((sum, { RepositoryCount }) => sum + RepositoryCount, 0)
  return (
    <Confirm
      title={t(isOn ? 'instances.anonymousOffTitle' : 'instances.anonymousOnTitle')}
      verb={t(isOn ? 'instances.turnOff' : 'instances.turnOn')}
      isWaiting={isPending}
      run={() => change.mutateAsync({ RegistryId, EnableAnonymous: !isOn })}
      onClose={onClose}
      onDone={() => tell(t('instances.saved'))}
    >
      {isPending ? (
        <Skeleton lines={2} />
      ) : open.length === 0 ? (
        <p>{t('instances.noPublic')}</p>
      ) : (
        <>
          <p>
            {t(isOn ? 'instances.anonymousCloses' : 'instances.anonymousOpens', {
              n: open.length,
              repositories,
            })}
          </p>
          <ul className="bullets">
            {open.slice(0, named).map(({ NamespaceName, RepositoryCount }) => (
              <li key={NamespaceName}>
                <bdi>{NamespaceName}</bdi>{' '}
                <span className="quiet">{t('instances.repositories', { n: RepositoryCount })}</span>
              </li>
            ))}
            {open.length > named && <li>{t('instances.andMore', { n: open.length - named })}</li>}
          </ul>
          {isOn && <p>{t('instances.anonymousPulls', { n: data?.RecentPulls ?? 0 })}</p>}
        </>
      )}
    </Confirm>
  )
}
