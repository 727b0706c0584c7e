// Confirmations of what takes something away. Level 2 names what, its effect in figures and how to undo it; level 3
// wants the name typed besides. The button carries the verb and waits for the figures.

import { type ReactNode, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { explainError } from './errors.tsx'
import { TextField } from './fields.tsx'
import { Form, useForm } from './form.tsx'

interface ConfirmProps {
  readonly title: string
  /** What will be lost, in figures. */
  readonly children: ReactNode
  /** "Delete repository": never "OK". */
  readonly verb: string
  /** Takes nothing away. */
  readonly isSafe?: boolean
  /** To be typed; undefined: a press is enough. */
  readonly typeName?: string | undefined
  /** The figures are not there yet. */
  readonly isWaiting?: boolean
  /** What must go first, with links; then there is nothing to press. */
  readonly blockers?: ReactNode
  run(): Promise<unknown>
  onClose(): void
  onDone?(): void
}

export function Confirm(props: ConfirmProps) {
  const {
    title,
    children,
    verb,
    isSafe = false,
    typeName,
    isWaiting = false,
    blockers,
    run,
    onClose,
    onDone,
  } = props
  const { t } = useWords()
  const [error, setError] = useState<unknown>()
  const form = useForm({
    initial: { name: '' },
    check: ({ name }) => ({
      name: typeName !== undefined && name !== typeName ? t('patterns.nameDiffers') : undefined,
    }),
    submit: async () => {
      setError(undefined)
      try {
        await run()
      } catch (thrown) {
        setError(thrown)
        throw thrown
      }
    },
  })
  // A field that a choice in the dialog brings leaves the focus at that choice.
  const [isTypedFirst] = useState(typeName !== undefined)
  const isBlocked = blockers !== undefined
  const isWrong = typeName !== undefined && form.values.name !== typeName
  const done = () => {
    onDone?.()
    onClose()
  }
  const foot = (
    <>
      <Button onClick={onClose} {...(typeName === undefined && { 'data-first-focus': '' })}>
        {t('patterns.cancel')}
      </Button>
      {!isBlocked && (
        <Button
          theme={isSafe ? 'primary' : 'danger'}
          isBusy={form.isBusy || isWaiting}
          blocked={isWrong && form.values.name === '' ? t('patterns.typeNameFirst') : undefined}
          onClick={() => void form.send().then((isDone) => isDone && done())}
        >
          {verb}
        </Button>
      )}
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} foot={foot}>
      {error !== undefined && (
        <div role="alert" className="form-error">
          {explainError(error, t)}
        </div>
      )}
      {children}
      {blockers}
      {typeName !== undefined && !isBlocked && (
        <Form form={{ ...form, error: undefined, isChanged: false }} onDone={done}>
          <TextField
            name="name"
            label={t('patterns.typeName', { name: typeName })}
            hasFocus={isTypedFirst}
            isRequired
          />
        </Form>
      )}
    </Dialog>
  )
}
