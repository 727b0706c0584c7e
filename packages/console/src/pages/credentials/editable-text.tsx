// A text that a pencil edits in its place: Enter saves, Esc leaves it.

import { useRef, useState } from 'react'
import { EditIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { FreeText } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

interface EditableTextProps {
  readonly text: string
  readonly label: string
  readonly mayEdit: boolean
  save(text: string): Promise<unknown>
}

const maxChars = 255

export function EditableText({ text, label, mayEdit, save }: EditableTextProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [draft, setDraft] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const leave = () => {
    setDraft(undefined)
    requestAnimationFrame(() => root.current?.querySelector('button')?.focus())
  }
  if (draft === undefined) {
    return (
      <div ref={root} className="editable-text">
        <FreeText text={text} />
        {mayEdit && (
          <IconButton
            icon={<EditIcon />}
            className="copy"
            label={t('patterns.editWhat', { what: label })}
            onClick={() => setDraft(text)}
          />
        )}
      </div>
    )
  }
  const keep = async () => {
    setBusy(true)
    try {
      if (draft !== text) await save(draft)
      leave()
    } catch (error) {
      tellError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div ref={root}>
      <form
        className="fact-edit"
        onSubmit={(event) => {
          event.preventDefault()
          void keep()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') leave()
        }}
      >
        <span className="input">
          <input
            aria-label={label}
            value={draft}
            maxLength={maxChars}
            // biome-ignore lint/a11y/noAutofocus: the pencil that was pressed became this box
            autoFocus
            onChange={(event) => setDraft(event.target.value)}
          />
        </span>
        <Button type="submit" theme="primary" isBusy={isBusy}>
          {t('patterns.save')}
        </Button>
        <Button onClick={leave}>{t('patterns.cancel')}</Button>
      </form>
    </div>
  )
}
