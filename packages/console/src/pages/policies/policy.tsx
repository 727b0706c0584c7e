// One policy: its document, its versions, and who has it.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Facts, Tabs } from '../../patterns/detail.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import { Chip, FreeText, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { AttachedTab } from './attached-tab.tsx'
import { DeletePolicy } from './delete-policy.tsx'
import { DocumentTab } from './document-tab.tsx'
import { presetWords } from './service-words.ts'
import { VersionsTab } from './versions-tab.tsx'
import './policies.css'

type Policy = Reply<'GetPolicy'>

const custom = 1

export function PolicyPage() {
  const { t } = useWords()
  const { id = '', tab = 'document' } = useParams({ strict: false })
  const policyId = Number(id)
  const state = useListState()
  const { data: policy, error, isPending, refetch } = useRead('GetPolicy', { PolicyId: policyId })
  useTitle(policy?.PolicyName ?? t('policies.title'))
  if (isPending) return <Skeleton />
  if (error) {
    return (
      <>
        <Breadcrumb crumbs={[{ label: t('policies.title'), to: paths.access('policies') }]} />
        <h1 tabIndex={-1}>{t('policies.title')}</h1>
        <Failed error={error} retry={() => void refetch()} />
      </>
    )
  }
  const isCustom = policy.Type === custom
  const isEditing = isCustom && state.open.startsWith('edit')
  const to = (name: string) => paths.accessDetail('policies', policyId, name)
  const tabs = [
    { id: 'document', label: t('policies.documentTab'), to: to('document') },
    ...(isCustom ? [{ id: 'versions', label: t('policies.versions'), to: to('versions') }] : []),
    { id: 'attached', label: t('policies.attachedTab'), to: to('attached') },
  ]
  const current = tabs.find((one) => one.id === tab)?.id ?? 'document'
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('policies.title'), to: paths.access('policies') },
          { label: policy.PolicyName },
        ]}
      />
      <PolicyHead id={policyId} policy={policy} isCustom={isCustom} />
      <Tabs label={policy.PolicyName} tabs={tabs} current={current} />
      {current === 'document' && (
        <>
          {!isEditing && <PolicyFacts id={policyId} policy={policy} isCustom={isCustom} />}
          <DocumentTab id={policyId} document={policy.PolicyDocument} isCustom={isCustom} />
        </>
      )}
      {current === 'versions' && <VersionsTab id={policyId} />}
      {current === 'attached' && (
        <AttachedTab id={policyId} name={policy.PolicyName} document={policy.PolicyDocument} />
      )}
    </>
  )
}

interface PartProps {
  readonly id: number
  readonly policy: Policy
  readonly isCustom: boolean
}

function PolicyHead({ id, policy, isCustom }: PartProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [isDeleting, setDeleting] = useState(false)
  const resource = `policyid/${id}`
  const { may } = useRights([['cam:DeletePolicy', resource]])
  return (
    <>
      <DetailHead
        name={policy.PolicyName}
        state={
          <Chip tone={isCustom ? 'busy' : 'off'}>
            {t(isCustom ? 'policies.custom' : 'policies.preset')}
          </Chip>
        }
        facts={<span>{t('policies.idIs', { id: String(id) })}</span>}
        actions={
          isCustom &&
          may('cam:DeletePolicy', resource) && (
            <Button theme="danger-text" onClick={() => setDeleting(true)}>
              {t('policies.delete')}
            </Button>
          )
        }
      />
      {isDeleting && (
        <DeletePolicy
          id={id}
          name={policy.PolicyName}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: paths.access('policies') })}
        />
      )}
    </>
  )
}

function PolicyFacts({ id, policy, isCustom }: PartProps) {
  const { t } = useWords()
  const update = useChange('UpdatePolicy')
  const resource = `policyid/${id}`
  const { may } = useRights([['cam:UpdatePolicy', resource]])
  const canEdit = isCustom && may('cam:UpdatePolicy', resource)
  const edit = (text: string, field: 'PolicyName' | 'Description', isLong: boolean) =>
    canEdit && {
      edit: {
        text,
        isLong,
        save: (next: string) => update.mutateAsync({ PolicyId: id, [field]: next }),
      },
    }
  return (
    <section className="panel" aria-label={t('policies.facts')}>
      <Facts
        facts={[
          {
            label: t('policies.name'),
            value: <bdi>{policy.PolicyName}</bdi>,
            ...edit(policy.PolicyName, 'PolicyName', false),
          },
          {
            label: t('policies.description'),
            value: (
              <FreeText
                text={(!isCustom && presetWords(policy.PolicyName, t)) || policy.Description}
              />
            ),
            ...edit(policy.Description, 'Description', true),
          },
          isCustom
            ? { label: t('policies.madeAt'), value: <Time at={policy.AddTime} /> }
            : undefined,
          isCustom
            ? { label: t('policies.updated'), value: <Time at={policy.UpdateTime} /> }
            : undefined,
        ]}
      />
    </section>
  )
}
