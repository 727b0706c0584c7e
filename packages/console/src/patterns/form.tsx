// A form's state: what was typed, what is wrong with it, and what the server said. What was typed survives errors, an
// ended login and a reload (kept for this tab alone; secrets never).

import { CallError } from '@entrepot/client/errors.ts'
import { useBlocker } from '@tanstack/react-router'
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'
import { useWords, type Words } from '../words/use-words.ts'
import { explainError } from './errors.tsx'
import { afterPress } from './press.ts'

export type Problems<V> = { readonly [K in keyof V]?: string | undefined }

export interface FormOptions<V extends object> {
  readonly initial: V
  /** What is wrong, by field; asked again with every change, shown once a field was left or the form was sent. */
  readonly check?: (values: V) => Problems<V>
  /** Throws CallError. */
  readonly submit: (values: V) => Promise<unknown>
  /** Where what was typed is kept; undefined: it is not. */
  readonly draftKey?: string
  /** Never kept. */
  readonly secrets?: readonly (keyof V)[]
  /** The API's field names, where they are not the form's: its errors name them. */
  readonly apiNames?: { readonly [K in keyof V]?: string }
}

export interface FormState<V extends object> {
  readonly values: V
  readonly problems: Problems<V>
  readonly shown: ReadonlySet<keyof V>
  readonly error: unknown
  readonly isBusy: boolean
  readonly isChanged: boolean
  set<K extends keyof V>(name: K, value: V[K]): void
  leave(name: keyof V): void
  /** False: something is wrong with what was typed, or the server refused. */
  send(): Promise<boolean>
}

export function useForm<V extends object>(options: FormOptions<V>): FormState<V> {
  const { initial, check, submit, draftKey, secrets = [] } = options
  const [values, setValues] = useState<V>(() => ({ ...initial, ...readDraft<V>(draftKey) }))
  const [shown, setShown] = useState<ReadonlySet<keyof V>>(new Set())
  const [refused, setRefused] = useState<Problems<V>>({})
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const [isChanged, setChanged] = useState(false)
  const checked = check?.(values) ?? {}
  const problems: Problems<V> = { ...refused, ...onlySet(checked) }

  useEffect(() => {
    if (draftKey === undefined || !isChanged) return
    const kept = Object.entries(values).filter(([name]) => !secrets.includes(name as keyof V))
    sessionStorage.setItem(draftName(draftKey), JSON.stringify(Object.fromEntries(kept)))
  }, [draftKey, isChanged, values, secrets])

  async function send(): Promise<boolean> {
    if (isBusy) return false
    setShown(new Set(Object.keys(values) as (keyof V)[]))
    setError(undefined)
    if (Object.keys(problems).length > 0) return false
    setBusy(true)
    try {
      await submit(values)
      if (draftKey !== undefined) sessionStorage.removeItem(draftName(draftKey))
      setChanged(false)
      return true
    } catch (thrown) {
      const field = fieldOf(thrown, Object.keys(values) as (keyof V)[], options.apiNames ?? {})
      if (field === undefined) setError(thrown)
      else {
        const said = withoutName(
          (thrown as Error).message,
          options.apiNames?.[field] ?? String(field),
        )
        setRefused({ [field]: said } as Problems<V>)
      }
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    values,
    problems,
    shown,
    error,
    isBusy,
    isChanged,
    set(name, value) {
      setChanged(true)
      setRefused(({ [name]: _, ...rest }) => rest as Problems<V>)
      setValues((all) => ({ ...all, [name]: value }))
    },
    // What is wrong takes a line, which moves what is being clicked.
    leave: (name) => afterPress(() => setShown((all) => new Set(all).add(name))),
    send,
  }
}

const draftName = (key: string): string => `entrepot.draft.${key}`

function readDraft<V>(key: string | undefined): Partial<V> {
  if (key === undefined) return {}
  try {
    return JSON.parse(sessionStorage.getItem(draftName(key)) ?? '{}')
  } catch {
    // Somebody else's entry, or storage is turned off: the form begins empty.
    return {}
  }
}

function onlySet<V>(problems: Problems<V>): Problems<V> {
  const set = Object.entries(problems).filter(([, text]) => text !== undefined)
  return Object.fromEntries(set) as Problems<V>
}

/** The field that the server names: its messages about input begin with the name of the field. */
function fieldOf<V>(
  error: unknown,
  names: readonly (keyof V)[],
  apiNames: { readonly [K in keyof V]?: string },
): keyof V | undefined {
  if (!(error instanceof CallError)) return undefined
  if (
    !error.is('InvalidParameter') &&
    !error.is('InvalidParameterValue') &&
    !error.is('MissingParameter')
  ) {
    return undefined
  }
  return names.find((name) => {
    const apiName = apiNames[name] ?? String(name)
    return new RegExp(`\\b${apiName}\\b`).test(error.message)
  })
}

/** `OldPassword is not the present one`, said below the field itself: "Is not the present one". */
function withoutName(message: string, apiName: string): string {
  const rest = message.startsWith(`${apiName} `) ? message.slice(apiName.length + 1) : message
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

// biome-ignore lint/suspicious/noExplicitAny: fields know the form by name only; each checks what it reads
const FormContext = createContext<FormState<any> | undefined>(undefined)

/** Of the form around it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export function useFormState(): FormState<any> {
  const form = useContext(FormContext)
  if (!form) throw new Error('a field stands outside a form')
  return form
}

interface FormProps<V extends object> {
  readonly form: FormState<V>
  readonly id?: string
  readonly children: ReactNode
  /** After it was sent and accepted. */
  onDone?(): void
}

/** The summary at the top names what is wrong; the first wrong field gets the focus. Leaving unsaved asks. */
export function Form<V extends object>({ form, id, children, onDone }: FormProps<V>) {
  const { t } = useWords()
  const ref = useRef<HTMLFormElement>(null)
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      form.isChanged &&
      !form.isBusy &&
      !isOtherStep(current, next) &&
      !window.confirm(t('patterns.leaveUnsaved')),
    enableBeforeUnload: () => form.isChanged,
    disabled: !form.isChanged,
  })
  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault()
    event.stopPropagation()
    if (await form.send()) return onDone?.()
    requestAnimationFrame(() => {
      const first = ref.current?.querySelector<HTMLElement>('[aria-invalid=true], .form-error')
      first?.focus()
    })
  }
  return (
    <FormContext value={form}>
      <form
        ref={ref}
        id={id}
        className="form"
        noValidate
        onSubmit={(event) => void onSubmit(event)}
      >
        {form.error !== undefined && <FormError error={form.error} t={t} />}
        {children}
      </form>
    </FormContext>
  )
}

interface Place {
  readonly pathname: string
  readonly search: Readonly<Record<string, unknown>>
}

/** The steps of a wizard keep what was typed: going from one to another is not leaving. */
function isOtherStep(current: Place, next: Place): boolean {
  return current.pathname === next.pathname && current.search.step !== next.search.step
}

function FormError({ error, t }: { readonly error: unknown; readonly t: Words['t'] }) {
  return (
    <div className="form-error" role="alert" tabIndex={-1}>
      {explainError(error, t)}
    </div>
  )
}
