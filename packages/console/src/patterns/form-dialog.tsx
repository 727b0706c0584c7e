// A form in a drawer or dialog, with its two buttons.

import { type ReactNode, useId } from 'react'
import { useWords } from '../words/use-words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Form, type FormState } from './form.tsx'

interface FormDialogProps<V extends object> {
  readonly title: string
  /** On the button that sends it. */
  readonly verb: string
  readonly form: FormState<V>
  readonly kind?: 'dialog' | 'wide' | 'drawer'
  readonly children: ReactNode
  /** Below the form: what it would do. */
  readonly below?: ReactNode
  /** Why it can't be sent now. */
  readonly blocked?: string | undefined
  onClose(): void
  /** After it was accepted; else it closes. */
  onDone?(): void
}

export function FormDialog<V extends object>(props: FormDialogProps<V>) {
  const {
    title,
    verb,
    form,
    kind = 'drawer',
    children,
    below,
    blocked,
    onClose,
    onDone = onClose,
  } = props
  const { t } = useWords()
  const id = useId()
  return (
    <Dialog
      title={title}
      form={kind}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form={id} isBusy={form.isBusy} blocked={blocked}>
            {verb}
          </Button>
        </>
      }
    >
      <Form form={form} id={id} onDone={onDone}>
        {children}
      </Form>
      {below}
    </Dialog>
  )
}
