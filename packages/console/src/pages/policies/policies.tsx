// The policies of the account and the presets.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, Count, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { DeletePolicy } from './delete-policy.tsx'
import { presetWords } from './service-words.ts'
import './policies.css'

type Policy = NonNullable<Reply<'ListPolicies'>['List']>[number]

const custom = 1
const anyPolicy = 'policyid/*'

export function PoliciesPage() {
  const { t } = useWords()
  useTitle(t('policies.title'))
  const state = useListState()
  const [deleting, setDeleting] = useState<Policy>()
  const { may } = useRights([['cam:CreatePolicy'], ['cam:DeletePolicy', anyPolicy]])
  const list = useList(
    'ListPolicies',
    { Scope: scopeOf(state.filter('type')), ...(state.q !== '' && { Keyword: state.q }) },
    { rows: (reply) => reply.List, total: (reply) => reply.TotalNum },
  )
  const create = may('cam:CreatePolicy') && (
    <LinkButton theme="primary" icon={<AddIcon />} to={paths.newPolicy()}>
      {t('policies.create')}
    </LinkButton>
  )
  const columns: readonly Column<Policy>[] = [
    {
      id: 'name',
      head: t('policies.name'),
      cell: ({ PolicyId, PolicyName }) => (
        <Link to={paths.accessDetail('policies', PolicyId, 'document')}>
          <bdi>{PolicyName}</bdi>
        </Link>
      ),
    },
    {
      id: 'description',
      head: t('policies.description'),
      isMinor: true,
      cell: ({ PolicyName, Type, Description }) => (
        <FreeText text={(Type !== custom && presetWords(PolicyName, t)) || Description} />
      ),
    },
    {
      id: 'type',
      head: t('policies.type'),
      cell: ({ Type }) => (
        <Chip tone={Type === custom ? 'busy' : 'off'}>
          {t(Type === custom ? 'policies.custom' : 'policies.preset')}
        </Chip>
      ),
    },
    {
      id: 'attached',
      head: t('policies.attachedTo'),
      isNumber: true,
      cell: ({ AttachEntityCount, Attachments }) => (
        <Count value={AttachEntityCount ?? Attachments} />
      ),
    },
    {
      id: 'updated',
      head: t('policies.updated'),
      cell: ({ UpdateTime, Type }) => <Time at={Type === custom ? UpdateTime : null} />,
    },
  ]
  return (
    <ListPage
      title={t('policies.title')}
      about={t('policies.about')}
      help="access"
      actions={create}
      list={list}
      state={state}
      searchFor={t('policies.search')}
      filters={[
        {
          name: 'type',
          label: t('policies.type'),
          choices: [
            { value: 'custom', label: t('policies.custom') },
            { value: 'preset', label: t('policies.preset') },
          ],
        },
      ]}
      columns={columns}
      rowKey={({ PolicyId }) => String(PolicyId)}
      rowActions={{
        label: ({ PolicyName }) => t('policies.actionsOf', { name: PolicyName }),
        menu: (policy) => [
          {
            id: 'attached',
            label: t('policies.attachedTab'),
            to: paths.accessDetail('policies', policy.PolicyId, 'attached'),
          },
          ...(policy.Type === custom
            ? [
                {
                  id: 'versions',
                  label: t('policies.versions'),
                  to: paths.accessDetail('policies', policy.PolicyId, 'versions'),
                },
              ]
            : []),
          ...(may('cam:DeletePolicy', anyPolicy) && policy.Type === custom
            ? [
                {
                  id: 'delete',
                  label: t('policies.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(policy),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('policies.count', { n })}
      empty={<Empty title={t('policies.none')} actions={create} />}
    >
      {deleting && (
        <DeletePolicy
          id={deleting.PolicyId}
          name={deleting.PolicyName}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </ListPage>
  )
}

function scopeOf(type: string): 'All' | 'QCS' | 'Local' {
  if (type === 'custom') return 'Local'
  return type === 'preset' ? 'QCS' : 'All'
}
