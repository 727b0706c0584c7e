// The resources of a statement: all, or some, which are picked from what there is.

import { useId, useState } from 'react'
import { AddIcon, CloseIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { noPick, type PickKind, PlaceFields, pickedOf } from './place-fields.tsx'
import { everything, mistakeIn, readResource, writeResource } from './resource-names.ts'

interface ResourcePickerProps {
  readonly resources: readonly string[]
  onChange(resources: readonly string[]): void
}

const kinds: readonly PickKind[] = [
  ...(['repository', 'namespace', 'contents', 'instance'] as const),
  ...(['personalRepository', 'personalNamespace', 'other'] as const),
]

export function ResourcePicker({ resources, onChange }: ResourcePickerProps) {
  const { t } = useWords()
  const id = useId()
  const isAll = resources.includes(everything)
  const [kept, setKept] = useState<readonly string[]>([])
  const radio = (all: boolean, label: string) => (
    <label className="choice">
      <input
        type="radio"
        name={id}
        checked={isAll === all}
        onChange={() => {
          // What was picked comes back when one goes from "all" to "specific" again.
          if (all) setKept(resources)
          onChange(all ? [everything] : kept)
        }}
      />
      <span>{label}</span>
    </label>
  )
  return (
    <fieldset className="field">
      <legend className="field-label">{t('policies.resource')}</legend>
      <div className="row">
        {radio(true, t('policies.allResources'))}
        {radio(false, t('policies.specificResources'))}
      </div>
      {!isAll && <Specific resources={resources} onChange={onChange} />}
    </fieldset>
  )
}

function Specific({ resources, onChange }: ResourcePickerProps) {
  const { t } = useWords()
  const [pick, setPick] = useState(noPick)
  const picked = pickedOf(pick)
  const written = picked && writeResource(picked)
  const isThere = written !== undefined && resources.includes(written)
  return (
    <div className="policy-part">
      <ul className="policy-resources">
        {resources.map((resource) => (
          <li key={resource}>
            <span>
              {resourceWords(resource, t)}
              <code>{resource}</code>
            </span>
            <IconButton
              icon={<CloseIcon />}
              label={t('policies.removeWhat', { what: resource })}
              onClick={() => onChange(resources.filter((one) => one !== resource))}
            />
          </li>
        ))}
      </ul>
      {resources.length === 0 && <p className="quiet">{t('policies.noResource')}</p>}
      <div className="policy-add">
        <PlaceFields pick={pick} kinds={kinds} onPick={setPick} />
        <Button
          icon={<AddIcon />}
          blocked={
            written === undefined
              ? t('policies.pickFirst')
              : mistakeIn(written)
                ? t('policies.resourceSegments')
                : isThere
                  ? t('policies.isThere')
                  : undefined
          }
          onClick={() => written !== undefined && onChange([...resources, written])}
        >
          {t('policies.addResource')}
        </Button>
      </div>
    </div>
  )
}

/** "Repository web/api of namespace team in tcr-1, and what is below it". */
export function resourceWords(resource: string, t: Words['t']): string {
  if (resource === everything) return t('policies.allResources')
  const picked = readResource(resource)
  switch (picked.kind) {
    case 'instance':
      return t('policies.sayInstance', { instance: picked.instance })
    case 'contents':
      return t('policies.sayContents', { instance: picked.instance })
    case 'namespace':
      return t('policies.sayNamespace', {
        namespace: picked.namespace,
        instance: picked.instance,
      })
    case 'repository':
      return t('policies.sayRepository', {
        path: `${picked.namespace}/${picked.path}`,
        instance: picked.instance,
      })
    case 'personalNamespace':
      return t('policies.sayPersonalNamespace', { namespace: picked.namespace })
    case 'personalRepository':
      return t('policies.sayPersonalRepository', { path: `${picked.namespace}/${picked.path}` })
    case 'other':
      return t(resource.includes('*') ? 'policies.sayPattern' : 'policies.sayOne')
  }
}
