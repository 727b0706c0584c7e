// The manifest as it was pushed: laid out to be read; copied and saved to the byte.

import { DownloadIcon } from 'tdesign-icons-react'
import type { RepositoryAt } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { downloadText } from '../../patterns/secret.tsx'
import { CopyButton } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { manifestFile } from '../repositories/tag-menu.ts'

interface ManifestTabProps {
  readonly at: RepositoryAt
  readonly reference: string
  readonly text: string
}

export function ManifestTab({ at, reference, text }: ManifestTabProps) {
  const { t } = useWords()
  return (
    <Panel
      title={t('images.tabManifest')}
      actions={
        <Button
          icon={<DownloadIcon />}
          onClick={() => downloadText(manifestFile(at, reference), text, 'application/json')}
        >
          {t('images.save')}
        </Button>
      }
    >
      <JsonText text={text} label={t('images.tabManifest')} />
    </Panel>
  )
}

export function JsonText({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <section className="command json-text" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <pre tabIndex={0}>
        <code>{laidOut(text)}</code>
      </pre>
      <CopyButton text={text} what={label} />
    </section>
  )
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    // Some configs are no JSON: they stand as they are.
    return text
  }
}
