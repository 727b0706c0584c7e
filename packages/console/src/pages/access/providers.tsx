// Identity providers: who else speaks for people and programs, and which of their tokens log in as whom.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { basePath } from '../../api/call.ts'
import { providerAddress } from '../../api/session.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, copyText, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { ExchangeRules } from './exchange-rules.tsx'
import { ProviderForm } from './provider-form.tsx'
import type { Provider } from './provider-values.ts'
import './access.css'

const anyProvider = 'oidc-provider/*'
const editing = 'edit:'

export function ProvidersPage() {
  const { t } = useWords()
  useTitle(t('access.providers'))
  const state = useListState()
  return (
    <div className="access-section">
      <ProviderList state={state} />
      <ExchangeRules state={state} />
    </div>
  )
}

function ProviderList({ state }: { readonly state: ListState }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [deleting, setDeleting] = useState<Provider>()
  const { may } = useRights([
    ['entrepot:CreateOidcProvider', anyProvider],
    ['entrepot:ModifyOidcProvider', anyProvider],
    ['entrepot:DeleteOidcProvider', anyProvider],
  ])
  const remove = useChange('DeleteOidcProvider')
  const list = useList(
    'DescribeOidcProviders',
    {},
    { rows: (reply) => reply.Providers, total: (reply) => reply.TotalCount },
  )
  const create = may('entrepot:CreateOidcProvider', anyProvider) && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('access.createProvider')}
    </Button>
  )
  const edited = list.rows.find(({ Name }) => state.open === `${editing}${Name}`)
  return (
    <ListPage
      title={t('access.providers')}
      about={t('access.providersAbout')}
      help="access"
      actions={create}
      list={list}
      state={state}
      columns={columnsOf(t)}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('access.actionsOf', { name: Name }),
        menu: (provider) => [
          ...(may('entrepot:ModifyOidcProvider', anyProvider)
            ? [
                {
                  id: 'edit',
                  label: t('access.edit'),
                  onSelect: () => state.setOpen(`${editing}${provider.Name}`),
                },
              ]
            : []),
          {
            id: 'redirect',
            label: t('access.copyRedirect'),
            onSelect: () =>
              void copyText(provider.RedirectUri).then(() => tell(t('patterns.copied'))),
          },
          ...(provider.ConsoleLogin
            ? [
                {
                  id: 'test',
                  label: t('access.copyTestLogin'),
                  blocked: provider.Enabled ? undefined : t('access.notInUse'),
                  onSelect: () =>
                    void copyText(loginAddress(provider)).then(() => tell(t('access.testCopied'))),
                },
              ]
            : []),
          ...(may('entrepot:DeleteOidcProvider', anyProvider)
            ? [
                {
                  id: 'delete',
                  label: t('access.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(provider),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('access.providerCount', { n })}
      empty={
        <Empty title={t('access.noProviders')} actions={create}>
          {t('access.providersAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && (
        <ProviderForm provider={undefined} onClose={() => state.setOpen('')} />
      )}
      {edited && <ProviderForm provider={edited} onClose={() => state.setOpen('')} />}
      {deleting && (
        <Confirm
          title={t('access.deleteProviderTitle', { name: deleting.Name })}
          verb={t('access.deleteProvider')}
          typeName={deleting.Name}
          run={() => remove.mutateAsync({ Name: deleting.Name })}
          onClose={() => setDeleting(undefined)}
          onDone={() => tell(t('access.providerDeleted', { name: deleting.Name }))}
        >
          <p>{t('access.deleteProviderAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

/** To be opened in a private window: in this one it would take the place of one's own login. */
function loginAddress({ ProviderId: id, Name: name }: Provider): string {
  const address = providerAddress({ id, name }, '/')
  return new URL(address, new URL(basePath, location.origin)).href
}

function columnsOf(t: Words['t']): readonly Column<Provider>[] {
  return [
    {
      id: 'name',
      head: t('access.providerName'),
      cell: ({ Name, DisplayName }) => (
        <span className="name-cell">
          <strong>{Name}</strong>
          {DisplayName !== '' && (
            <small>
              <bdi>{DisplayName}</bdi>
            </small>
          )}
        </span>
      ),
    },
    {
      id: 'issuer',
      head: t('access.issuer'),
      cell: ({ IssuerUrl }) => <FreeText text={IssuerUrl} />,
    },
    {
      id: 'use',
      head: t('access.usedFor'),
      cell: ({ ConsoleLogin, Mappings }) => (
        <>
          <Chip>{t(ConsoleLogin ? 'access.consoleLogin' : 'access.tokensOnly')}</Chip>{' '}
          {Mappings.length > 0 && (
            <span className="quiet">{t('access.mappingCount', { n: Mappings.length })}</span>
          )}
        </>
      ),
    },
    {
      id: 'state',
      head: t('access.state'),
      cell: ({ Enabled, KeysError }) =>
        KeysError && Enabled ? (
          <Status tone="bad">
            {t('access.keysFail')} <FreeText text={KeysError} />
          </Status>
        ) : (
          <Status tone={Enabled ? 'good' : 'off'}>
            {t(Enabled ? 'access.enabled' : 'access.disabled')}
          </Status>
        ),
    },
    {
      id: 'keys',
      head: t('access.keysFetched'),
      isMinor: true,
      cell: ({ KeysFetchTime }) => <Time at={KeysFetchTime} none={t('access.never')} />,
    },
  ]
}
