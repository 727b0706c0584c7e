// Where files are dropped, or chosen by the browser's own box: its button is what keys and screen readers reach.

import { type DragEvent, useRef, useState } from 'react'
import { UploadIcon } from 'tdesign-icons-react'
import { Button } from '../../patterns/button.tsx'
import { useWords } from '../../words/use-words.ts'

export function DropZone({ onFiles }: { onFiles(files: readonly File[]): void }) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same by keys
    <div
      className={`drop-zone ${isOver ? 'is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <UploadIcon aria-hidden="true" />
      <p>{t('charts.dropHere')}</p>
      <input
        ref={input}
        type="file"
        className="spoken"
        tabIndex={-1}
        aria-label={t('charts.package')}
        multiple
        accept=".tgz,.tar.gz,.prov,application/gzip"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          // So that the same file can be chosen again.
          event.target.value = ''
        }}
      />
      <Button data-first-focus="" onClick={() => input.current?.click()}>
        {t('charts.choose')}
      </Button>
      <p className="field-help">{t('charts.dropHelp')}</p>
    </div>
  )
}
