// What a new policy begins as, filled in with a place that there is.

import { useState } from 'react'
import { Button } from '../../patterns/button.tsx'
import { useWords } from '../../words/use-words.ts'
import { Labelled } from './labelled.tsx'
import { noPick, type Pick, type PickKind, PlaceFields } from './place-fields.tsx'
import { documentOf, examplePlace, type Template, templates } from './templates.ts'

interface TemplateChoiceProps {
  /** What was written would be lost. */
  readonly isWritten: boolean
  onDocument(document: string): void
}

/** What has to be chosen besides. */
const placeKinds: Readonly<Record<string, PickKind>> = {
  instance: 'instance',
  namespace: 'namespace',
  repository: 'repository',
  personalNamespace: 'personalNamespace',
  personalRepository: 'personalRepository',
}

export function TemplateChoice({ isWritten, onDocument }: TemplateChoiceProps) {
  const { t } = useWords()
  const [id, setId] = useState('blank')
  const [pick, setPick] = useState<Pick>(noPick)
  const kind = placeKinds[id]
  const use = () => {
    const { instance, namespace, path } = pick
    onDocument(
      documentOf(id, {
        instance: instance || examplePlace.instance,
        namespace: namespace || examplePlace.namespace,
        path: path || examplePlace.path,
      }),
    )
  }
  return (
    <section className="panel" aria-label={t('policies.template')}>
      <div className="policy-add">
        <Labelled label={t('policies.template')}>
          {(field) => (
            <select id={field} value={id} onChange={(event) => setId(event.target.value)}>
              <Options edition="none" />
              <optgroup label={t('policies.enterprise')}>
                <Options edition="enterprise" />
              </optgroup>
              <optgroup label={t('policies.personal')}>
                <Options edition="personal" />
              </optgroup>
            </select>
          )}
        </Labelled>
        {kind !== undefined && (
          <PlaceFields pick={{ ...pick, kind }} kinds={[kind]} onPick={setPick} />
        )}
        <Button onClick={use}>
          {t(isWritten ? 'policies.replaceByTemplate' : 'policies.useTemplate')}
        </Button>
      </div>
    </section>
  )
}

function Options({ edition }: { readonly edition: Template['edition'] }) {
  const { t } = useWords()
  return templates
    .filter((template) => template.edition === edition)
    .map(({ id, label }) => (
      <option key={id} value={id}>
        {t(label)}
      </option>
    ))
}
