// A form in a drawer or dialog, with its two buttons.

import { type ReactNode, useId } from 'react'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { Form, type FormState } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'

interface FormDialogProps<V extends object> {
  readonly title: string
  /** On the button that sends it. */
  readonly verb: string
  readonly form: FormState<V>
  readonly kind?: 'dialog' | 'wide' | 'drawer'
  readonly children: ReactNode
  /** Why it can't be sent now. */
  readonly blocked?: string | undefined
  onClose(): void
  onDone(): void
}

export function FormDialog<V extends object>(props: FormDialogProps<V>) {
  const { title, verb, form, kind = 'drawer', children, blocked, onClose, onDone } = props
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
    </Dialog>
  )
}
