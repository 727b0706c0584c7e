// Where the first image goes: to which instance, and into which namespace; without one, a button makes it.

import { useEffect } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface PlaceFieldsProps {
  readonly instances: readonly (readonly [string, string])[]
  readonly instance: string
  /** Empty until one is known. */
  readonly namespace: string
  setInstance(id: string): void
  setNamespace(name: string): void
}

const sampleNamespace = 'demo'
const maxNamespaces = 100

export function PlaceFields(props: PlaceFieldsProps) {
  const { instances, instance, namespace, setInstance, setNamespace } = props
  const { t } = useWords()
  const { data, error, isPending } = useRead('DescribeNamespaces', {
    RegistryId: instance,
    Limit: maxNamespaces,
  })
  const names = (data?.NamespaceList ?? []).map(({ Name }) => Name)
  const proposed = names.find((name) => name === sampleNamespace) ?? names[0]
  useEffect(() => {
    if (namespace === '' && proposed !== undefined) setNamespace(proposed)
  }, [namespace, proposed, setNamespace])
  return (
    <Panel title={t('welcome.place')}>
      <div className="row">
        <label className="welcome-field">
          <span className="field-label">{t('welcome.instance')}</span>
          <select value={instance} onChange={(event) => setInstance(event.target.value)}>
            {instances.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {names.length > 0 && (
          <label className="welcome-field">
            <span className="field-label">{t('welcome.namespace')}</span>
            <select value={namespace} onChange={(event) => setNamespace(event.target.value)}>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {isPending && <Skeleton lines={1} />}
      {error && <Failed error={error} />}
      {data && names.length === 0 && <MakeNamespace instance={instance} />}
    </Panel>
  )
}

function MakeNamespace({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const create = useChange('CreateNamespace')
  const resource = `repository/${instance}/${sampleNamespace}`
  const { may, isKnown } = useRights([['tcr:CreateNamespace', resource]])
  if (!isKnown) return <Skeleton lines={1} />
  if (!may('tcr:CreateNamespace', resource)) {
    return <Banner tone="warn">{t('welcome.askForNamespace')}</Banner>
  }
  return (
    <Banner
      actions={
        <Button
          theme="primary"
          isBusy={create.isPending}
          onClick={() => {
            create
              .mutateAsync({
                RegistryId: instance,
                NamespaceName: sampleNamespace,
                IsPublic: false,
              })
              .catch(tellError)
          }}
        >
          {t('welcome.makeNamespace', { name: sampleNamespace })}
        </Button>
      }
    >
      {t('welcome.noNamespace')}
    </Banner>
  )
}
