// A secret that is shown once. The dialog can't be closed by mistake: only after it is said to be saved. Nothing of it
// stands in an address, a cache or storage.

import { type ReactNode, useEffect, useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { useNotices } from './notices.tsx'
import { CopyButton } from './shown.tsx'

export interface SecretPart {
  readonly label: string
  readonly value: string
  /** Hidden until it is asked for. */
  readonly isSecret?: boolean
}

interface SecretDialogProps {
  readonly title: string
  readonly about: ReactNode
  readonly parts: readonly SecretPart[]
  /** Ready to use: a login command, a pull secret. */
  readonly children?: ReactNode
  readonly fileName: string
  onClose(): void
}

export function SecretDialog({
  title,
  about,
  parts,
  children,
  fileName,
  onClose,
}: SecretDialogProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [isSaved, setSaved] = useState(false)
  useEffect(() => {
    if (isSaved) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isSaved])
  function save(): void {
    const text = parts.map(({ label, value }) => `${label}: ${value}\n`).join('')
    downloadText(fileName, text)
    tell(t('patterns.savedFile', { file: fileName }), { isQuiet: true })
  }
  const foot = (
    <>
      <label className="choice secret-saved">
        <input
          type="checkbox"
          checked={isSaved}
          onChange={(event) => setSaved(event.target.checked)}
        />
        <span>{t('patterns.haveSaved')}</span>
      </label>
      <Button icon={<DownloadIcon />} onClick={save}>
        {t('patterns.saveFile')}
      </Button>
      <Button
        theme="primary"
        blocked={isSaved ? undefined : t('patterns.saveFirst')}
        onClick={onClose}
      >
        {t('patterns.close')}
      </Button>
    </>
  )
  return (
    <Dialog title={title} form="wide" foot={foot}>
      <p className="banner banner-warn">{t('patterns.shownOnce')}</p>
      <div>{about}</div>
      <dl className="facts">
        {parts.map((part) => (
          <SecretRow key={part.label} part={part} />
        ))}
      </dl>
      {children}
    </Dialog>
  )
}

function SecretRow({ part }: { readonly part: SecretPart }) {
  const { t } = useWords()
  const [isSeen, setSeen] = useState(!part.isSecret)
  return (
    <div className="fact">
      <dt>{part.label}</dt>
      <dd>
        <code className="secret">{isSeen ? part.value : '•'.repeat(hiddenChars)}</code>
        {part.isSecret && (
          <Button theme="text" onClick={() => setSeen(!isSeen)}>
            {t(isSeen ? 'patterns.hideSecret' : 'patterns.showSecret')}
          </Button>
        )}
        <CopyButton text={part.value} what={part.label} />
      </dd>
    </div>
  )
}

/** The same for every length. */
const hiddenChars = 16

export function downloadText(fileName: string, text: string, type = 'text/plain'): void {
  saveBlob(fileName, new Blob([text], { type }))
}

export function saveBlob(fileName: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
}
