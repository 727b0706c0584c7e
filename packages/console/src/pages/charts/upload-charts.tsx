// Uploading packages: dropped or chosen, several at once. What each would do is said before anything is sent.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { FixedField } from '../../patterns/fields.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { DropZone } from './drop-zone.tsx'
import { base64Parts } from './package-file.ts'
import { PackageRow } from './package-row.tsx'
import { type ChosenPackage, usePackages } from './use-packages.ts'

interface UploadChartsProps {
  readonly instance: string
  /** '' where none is chosen yet. */
  readonly namespace: string
  onClose(): void
}

/** The API's page of namespaces. */
const maxNamespaces = 200

export function UploadCharts({ instance, namespace: given, onClose }: UploadChartsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const [picked, setPicked] = useState('')
  const [isBusy, setBusy] = useState(false)
  const { data } = useRead('DescribeNamespaces', { RegistryId: instance, Limit: maxNamespaces })
  const names = (data?.NamespaceList ?? []).map(({ Name }) => Name)
  const namespace = given || picked || (names.length === 1 ? (names[0] ?? '') : '')
  const { packages, error, change, remove, add, fateOf } = usePackages(instance, namespace)
  const upload = useChange('CreateHelmChart')

  const isReady = (one: ChosenPackage): boolean => {
    const fate = fateOf(one)?.Fate
    return one.state === 'waiting' && (fate === 'new' || (fate === 'replaces' && one.mayReplace))
  }
  const ready = packages.filter(isReady)

  async function send(): Promise<void> {
    setBusy(true)
    let sent = 0
    for (const one of ready) {
      change(one.id, { state: 'sending', error: undefined })
      try {
        await upload.mutateAsync({
          RegistryId: instance,
          NamespaceName: namespace,
          Content: [...(await base64Parts(one.file))],
          ...(one.provenance && { Provenance: await one.provenance.text() }),
          Replace: one.mayReplace,
        })
        change(one.id, { state: 'done' })
        sent += 1
      } catch (thrown) {
        change(one.id, { state: 'waiting', error: thrown })
      }
    }
    setBusy(false)
    if (sent > 0) tell(t('charts.uploaded', { n: sent }))
    if (sent === ready.length && sent === packages.length) onClose()
  }

  return (
    <Dialog
      title={t('charts.upload')}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.close')}</Button>
          <Button
            theme="primary"
            isBusy={isBusy}
            blocked={blockedBy(namespace, packages.length, ready.length, t)}
            onClick={() => void send()}
          >
            {ready.length === 0
              ? t('charts.uploadVerb')
              : t('charts.uploadSome', { n: ready.length })}
          </Button>
        </>
      }
    >
      <div className="form">
        <FixedField label={t('charts.instance')}>{shown?.RegistryName ?? instance}</FixedField>
        {given === '' ? (
          <label className="field">
            <span className="field-label">{t('charts.namespace')}</span>
            <select value={namespace} onChange={(event) => setPicked(event.target.value)}>
              {namespace === '' && <option value="">{t('charts.chooseNamespace')}</option>}
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <FixedField label={t('charts.namespace')}>{given}</FixedField>
        )}
        <DropZone onFiles={(files) => void add(files)} />
        {error && (
          <div role="alert" className="form-error">
            {explainError(error, t)}
          </div>
        )}
        <ul className="chart-packages" aria-label={t('charts.packages')}>
          {packages.map((one) => (
            <PackageRow
              key={one.id}
              chosen={one}
              fate={fateOf(one)}
              isPlaced={namespace !== ''}
              onReplace={(mayReplace) => change(one.id, { mayReplace })}
              onRemove={() => remove(one.id)}
            />
          ))}
        </ul>
      </div>
    </Dialog>
  )
}

function blockedBy(
  namespace: string,
  chosen: number,
  ready: number,
  t: ReturnType<typeof useWords>['t'],
): string | undefined {
  if (namespace === '') return t('charts.chooseNamespace')
  if (chosen === 0) return t('charts.chooseFiles')
  return ready === 0 ? t('charts.nothingReady') : undefined
}
