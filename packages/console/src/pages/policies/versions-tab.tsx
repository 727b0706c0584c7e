// The versions of a policy: one is in force; any can be made the base of a new one, and two be compared.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Status, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { Compare } from './compare.tsx'

type Doing = { readonly what: 'delete' | 'put'; readonly version: number }

export function VersionsTab({ id }: { readonly id: number }) {
  const { t } = useWords()
  const [doing, setDoing] = useState<Doing>()
  const { data, error, isPending } = useRead('ListPolicyVersions', { PolicyId: id })
  if (isPending) return <Skeleton />
  if (error) return <Failed error={error} />
  const versions = data.Versions.toSorted((a, b) => b.VersionId - a.VersionId)
  return (
    <>
      <Panel title={t('policies.versions')}>
        <p className="quiet">{t('policies.versionsAbout')}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys */}
        <div className="table-frame" tabIndex={0}>
          <table className="table" aria-label={t('policies.versions')}>
            <thead>
              <tr>
                <th scope="col">{t('policies.version')}</th>
                <th scope="col">{t('policies.madeAt')}</th>
                <th scope="col">{t('policies.state')}</th>
                <th scope="col">{t('patterns.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {versions.map((version) => (
                <VersionRow
                  key={version.VersionId}
                  id={id}
                  version={version}
                  onDo={(what) => setDoing({ what, version: version.VersionId })}
                />
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Compare id={id} versions={versions} />
      {doing && <DoIt id={id} doing={doing} onClose={() => setDoing(undefined)} />}
    </>
  )
}

interface VersionRowProps {
  readonly id: number
  readonly version: Reply<'ListPolicyVersions'>['Versions'][number]
  onDo(what: Doing['what']): void
}

function VersionRow({ id, version, onDo }: VersionRowProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { VersionId, CreateDate, IsDefaultVersion } = version
  const resource = `policyid/${id}`
  const { may } = useRights([
    ['cam:CreatePolicyVersion', resource],
    ['cam:SetDefaultPolicyVersion', resource],
    ['cam:DeletePolicyVersion', resource],
  ])
  return (
    <tr>
      <td className="cell-name">{t('policies.versionNumber', { n: VersionId })}</td>
      <td>
        <Time at={CreateDate} />
      </td>
      <td>
        <Status tone={IsDefaultVersion === 1 ? 'good' : 'off'}>
          {t(IsDefaultVersion === 1 ? 'policies.inForce' : 'policies.notInForce')}
        </Status>
      </td>
      <td>
        <span className="row">
          {may('cam:CreatePolicyVersion', resource) && (
            <Button
              theme="text"
              onClick={() =>
                void navigate({
                  to: paths.accessDetail('policies', id, 'document'),
                  search: () => ({ open: `edit-${VersionId}` }),
                })
              }
            >
              {t('policies.createFrom')}
            </Button>
          )}
          {IsDefaultVersion !== 1 && may('cam:SetDefaultPolicyVersion', resource) && (
            <Button theme="text" onClick={() => onDo('put')}>
              {t('policies.putInForce')}
            </Button>
          )}
          {IsDefaultVersion !== 1 && may('cam:DeletePolicyVersion', resource) && (
            <Button theme="danger-text" onClick={() => onDo('delete')}>
              {t('policies.delete')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  )
}

interface DoItProps {
  readonly id: number
  readonly doing: Doing
  onClose(): void
}

function DoIt({ id, doing: { what, version }, onClose }: DoItProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeletePolicyVersion')
  const put = useChange('SetDefaultPolicyVersion')
  const { data, isPending } = useRead('ListEntitiesForPolicy', { PolicyId: id, Page: 1, Rp: 1 })
  if (what === 'delete') {
    return (
      <Confirm
        title={t('policies.deleteVersionTitle', { n: version })}
        verb={t('policies.deleteVersionVerb')}
        run={() => remove.mutateAsync({ PolicyId: id, VersionId: [version] })}
        onClose={onClose}
        onDone={() => tell(t('policies.versionDeleted', { n: version }))}
      >
        <p>{t('policies.deleteVersionAbout')}</p>
      </Confirm>
    )
  }
  return (
    <Confirm
      title={t('policies.putTitle', { n: version })}
      verb={t('policies.putInForce')}
      isWaiting={isPending}
      run={() => put.mutateAsync({ PolicyId: id, VersionId: version })}
      onClose={onClose}
      onDone={() => tell(t('policies.versionPut', { n: version }))}
    >
      <p>{t('policies.inForceFor', { n: data?.TotalNum ?? 0 })}</p>
    </Confirm>
  )
}
