// What is written on an image: labels of its config, annotations of its manifest.

import { Panel } from '../../patterns/detail.tsx'
import { useWords } from '../../words/use-words.ts'
import { KeyValues } from './config.tsx'
import type { Manifest } from './image.tsx'

export function LabelsTab({ manifest }: { readonly manifest: Manifest }) {
  const { t } = useWords()
  return (
    <>
      <Panel title={t('images.labels')}>
        {manifest.Labels.length === 0 ? (
          <p className="quiet">{t('images.noLabels')}</p>
        ) : (
          <KeyValues caption={t('images.labels')} rows={manifest.Labels} />
        )}
      </Panel>
      <Panel title={t('images.annotations')}>
        {manifest.Annotations.length === 0 ? (
          <p className="quiet">{t('images.noAnnotations')}</p>
        ) : (
          <KeyValues caption={t('images.annotations')} rows={manifest.Annotations} />
        )}
      </Panel>
    </>
  )
}
