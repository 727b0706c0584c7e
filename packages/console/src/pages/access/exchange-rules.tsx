// Which tokens of which provider log in as a service account or a role: CI without a stored secret.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import type { ListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { CiExample } from './ci-example.tsx'
import type { ExchangeRule } from './exchange-rule.ts'
import { ExchangeRuleForm } from './exchange-rule-form.tsx'

const anyProvider = 'oidc-provider/*'
const editing = 'edit-rule:'
const example = 'ci:'

export function ExchangeRules({ state }: { readonly state: ListState }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [deleting, setDeleting] = useState<ExchangeRule>()
  const { may } = useRights([
    ['entrepot:CreateTokenExchangeRule', anyProvider],
    ['entrepot:ModifyTokenExchangeRule', anyProvider],
    ['entrepot:DeleteTokenExchangeRule', anyProvider],
  ])
  const remove = useChange('DeleteTokenExchangeRule')
  const list = useList(
    'DescribeTokenExchangeRules',
    {},
    { rows: (reply) => reply.Rules, total: (reply) => reply.TotalCount },
  )
  const { data: providers } = useRead('DescribeOidcProviders', { Limit: 1 })
  const create = may('entrepot:CreateTokenExchangeRule', anyProvider) && (
    <Button
      icon={<AddIcon />}
      blocked={providers?.TotalCount === 0 ? t('access.providerFirst') : undefined}
      onClick={() => state.setOpen('new-rule')}
    >
      {t('access.createRule')}
    </Button>
  )
  const of = (mark: string) => list.rows.find(({ RuleId }) => state.open === `${mark}${RuleId}`)
  const edited = of(editing)
  const shown = of(example)
  return (
    <ListPage
      isInner
      title={t('access.rules')}
      about={t('access.rulesAbout')}
      help="access"
      actions={create}
      list={list}
      state={state}
      columns={columnsOf(t)}
      rowKey={({ RuleId }) => RuleId}
      rowActions={{
        label: ({ Name }) => t('access.actionsOf', { name: Name }),
        direct: ({ RuleId }) => (
          <Button theme="text" onClick={() => state.setOpen(`${example}${RuleId}`)}>
            {t('access.inCi')}
          </Button>
        ),
        menu: (rule) => [
          ...(may('entrepot:ModifyTokenExchangeRule', anyProvider)
            ? [
                {
                  id: 'edit',
                  label: t('access.edit'),
                  onSelect: () => state.setOpen(`${editing}${rule.RuleId}`),
                },
              ]
            : []),
          ...(may('entrepot:DeleteTokenExchangeRule', anyProvider)
            ? [
                {
                  id: 'delete',
                  label: t('access.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(rule),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('access.ruleCount', { n })}
      empty={
        <Empty title={t('access.noRules')} actions={create}>
          {t('access.rulesAbout')}
        </Empty>
      }
    >
      {state.open === 'new-rule' && (
        <ExchangeRuleForm
          rule={undefined}
          onClose={() => state.setOpen('')}
          onMade={(id) => state.setOpen(`${example}${id}`)}
        />
      )}
      {edited && <ExchangeRuleForm rule={edited} onClose={() => state.setOpen('')} />}
      {shown && <CiExample rule={shown} onClose={() => state.setOpen('')} />}
      {deleting && (
        <Confirm
          title={t('access.deleteRuleTitle', { name: deleting.Name })}
          verb={t('access.deleteRule')}
          run={() => remove.mutateAsync({ RuleId: deleting.RuleId })}
          onClose={() => setDeleting(undefined)}
          onDone={() => tell(t('access.ruleDeleted', { name: deleting.Name }))}
        >
          <p>{t('access.deleteRuleAbout')}</p>
          <p>
            {t('access.lastUsed')}: <Time at={deleting.LastUsedTime} none={t('access.never')} />
          </p>
        </Confirm>
      )}
    </ListPage>
  )
}

function columnsOf(t: Words['t']): readonly Column<ExchangeRule>[] {
  return [
    {
      id: 'name',
      head: t('access.ruleName'),
      cell: ({ Name, Description }) => (
        <span className="name-cell">
          <bdi>{Name}</bdi>
          {Description !== '' && (
            <small>
              <bdi>{Description}</bdi>
            </small>
          )}
        </span>
      ),
    },
    { id: 'provider', head: t('access.provider'), cell: ({ ProviderName }) => ProviderName },
    {
      id: 'conditions',
      head: t('access.conditions'),
      cell: ({ Conditions }) => (
        <ul>
          {Conditions.map(({ Claim, Operator, Values }) => (
            <li key={`${Claim} ${Operator} ${Values.join()}`}>
              <code>{Claim}</code> {Operator === 'Equal' ? '=' : '≈'}{' '}
              <FreeText text={Values.join(', ')} />
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'target',
      head: t('access.logsInAs'),
      cell: ({ TargetType, ServiceAccountName, RoleId, RegistryId }) => (
        <span className="name-cell">
          <span>
            {TargetType === 'Role'
              ? t('access.roleNumber', { id: RoleId ?? '' })
              : ServiceAccountName}
          </span>
          {RegistryId && <small>{RegistryId}</small>}
        </span>
      ),
    },
    {
      id: 'state',
      head: t('access.state'),
      cell: ({ Enabled }) => (
        <Status tone={Enabled ? 'good' : 'off'}>
          {t(Enabled ? 'access.enabled' : 'access.disabled')}
        </Status>
      ),
    },
    {
      id: 'used',
      head: t('access.lastUsed'),
      isMinor: true,
      cell: ({ LastUsedTime }) => <Time at={LastUsedTime} none={t('access.never')} />,
    },
  ]
}
