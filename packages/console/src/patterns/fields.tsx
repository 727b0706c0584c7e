// Fields of a form: label above, help below in one line, what is wrong in its place. All are the browser's own
// controls.

import { type ReactNode, useId, useState } from 'react'
import { BrowseIcon, BrowseOffIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { IconButton } from './button.tsx'
import { useFormState } from './form.tsx'

interface FieldProps {
  /** Of the form's values. */
  readonly name: string
  readonly label: string
  readonly help?: ReactNode
  readonly isRequired?: boolean
  /** Said beside the label: it can't be changed later. */
  readonly isFinal?: boolean
}

interface Wiring {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean | undefined
  readonly 'aria-required': boolean | undefined
}

function useField(name: string, isRequired = false) {
  const form = useFormState()
  const id = useId()
  const problem: string | undefined = form.shown.has(name) ? form.problems[name] : undefined
  const wiring: Wiring = {
    id,
    'aria-describedby': `${id}-help`,
    'aria-invalid': problem === undefined ? undefined : true,
    'aria-required': isRequired || undefined,
  }
  return { form, id, problem, wiring }
}

interface FrameProps extends FieldProps {
  readonly id: string
  readonly problem: string | undefined
  readonly children: ReactNode
}

function FieldFrame({ id, label, help, problem, isRequired, isFinal, children }: FrameProps) {
  const { t } = useWords()
  return (
    <div className={`field ${problem === undefined ? '' : 'field-wrong'}`}>
      <label htmlFor={id} className="field-label">
        {label}
        {isRequired && <span className="field-mark">{t('patterns.required')}</span>}
        {isFinal && <span className="field-mark">{t('patterns.final')}</span>}
      </label>
      {children}
      <FieldFoot id={id} help={help} problem={problem} />
    </div>
  )
}

function FieldFoot({ id, help, problem }: Pick<FrameProps, 'id' | 'help' | 'problem'>) {
  return (
    <div id={`${id}-help`} className="field-foot">
      {problem !== undefined && <div className="field-problem">{problem}</div>}
      {help !== undefined && <div className="field-help">{help}</div>}
    </div>
  )
}

interface TextFieldProps extends FieldProps {
  readonly type?: 'text' | 'email' | 'number' | 'date' | 'url' | 'search'
  readonly prefix?: ReactNode
  readonly suffix?: ReactNode
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly isReadOnly?: boolean
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
  readonly hasFocus?: boolean
}

export function TextField(props: TextFieldProps) {
  const { name, type = 'text', prefix, suffix, isReadOnly, hasFocus, ...field } = props
  const { form, id, problem, wiring } = useField(name, field.isRequired)
  return (
    <FieldFrame {...field} name={name} id={id} problem={problem}>
      <span className="input">
        {prefix !== undefined && <span className="input-affix">{prefix}</span>}
        <input
          {...wiring}
          type={type}
          name={name}
          value={String(form.values[name] ?? '')}
          placeholder={field.placeholder}
          autoComplete={field.autoComplete ?? 'off'}
          readOnly={isReadOnly}
          min={field.min}
          max={field.max}
          maxLength={field.maxLength}
          // biome-ignore lint/a11y/noAutofocus: only the first field of a dialog, which the focus enters anyway
          autoFocus={hasFocus}
          onChange={(event) => form.set(name, event.target.value)}
          onBlur={() => form.leave(name)}
        />
        {suffix !== undefined && <span className="input-affix">{suffix}</span>}
      </span>
    </FieldFrame>
  )
}

interface PasswordFieldProps extends FieldProps {
  readonly autoComplete: 'current-password' | 'new-password' | 'one-time-code'
  readonly hasFocus?: boolean
}

export function PasswordField({ name, autoComplete, hasFocus, ...field }: PasswordFieldProps) {
  const { t } = useWords()
  const { form, id, problem, wiring } = useField(name, field.isRequired)
  const [isSeen, setSeen] = useState(false)
  return (
    <FieldFrame {...field} name={name} id={id} problem={problem}>
      <span className="input">
        <input
          {...wiring}
          type={isSeen ? 'text' : 'password'}
          name={name}
          value={String(form.values[name] ?? '')}
          autoComplete={autoComplete}
          // biome-ignore lint/a11y/noAutofocus: as for TextField
          autoFocus={hasFocus}
          onChange={(event) => form.set(name, event.target.value)}
          onBlur={() => form.leave(name)}
        />
        <IconButton
          icon={isSeen ? <BrowseOffIcon /> : <BrowseIcon />}
          label={t(isSeen ? 'patterns.hideSecret' : 'patterns.showSecret')}
          onClick={() => setSeen(!isSeen)}
        />
      </span>
    </FieldFrame>
  )
}

export function AreaField({
  name,
  rows = 4,
  isCode,
  ...field
}: FieldProps & { readonly rows?: number; readonly isCode?: boolean }) {
  const { form, id, problem, wiring } = useField(name, field.isRequired)
  return (
    <FieldFrame {...field} name={name} id={id} problem={problem}>
      <textarea
        {...wiring}
        name={name}
        rows={rows}
        className={isCode ? 'code' : ''}
        spellCheck={!isCode}
        value={String(form.values[name] ?? '')}
        onChange={(event) => form.set(name, event.target.value)}
        onBlur={() => form.leave(name)}
      />
    </FieldFrame>
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
  readonly help?: ReactNode
  readonly isOff?: boolean
}

export function SelectField({
  name,
  choices,
  none,
  ...field
}: FieldProps & { readonly choices: readonly Choice[]; readonly none?: string }) {
  const { form, id, problem, wiring } = useField(name, field.isRequired)
  return (
    <FieldFrame {...field} name={name} id={id} problem={problem}>
      <select
        {...wiring}
        name={name}
        value={String(form.values[name] ?? '')}
        onChange={(event) => form.set(name, event.target.value)}
        onBlur={() => form.leave(name)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {choices.map(({ value, label, isOff }) => (
          <option key={value} value={value} disabled={isOff}>
            {label}
          </option>
        ))}
      </select>
    </FieldFrame>
  )
}

export function RadioField({
  name,
  choices,
  ...field
}: FieldProps & { readonly choices: readonly Choice[] }) {
  const { form, id, problem } = useField(name)
  return (
    <fieldset className="field" aria-describedby={`${id}-help`}>
      <legend className="field-label">{field.label}</legend>
      {choices.map(({ value, label, help, isOff }) => (
        <label key={value} className="choice">
          <input
            type="radio"
            name={`${id}-${name}`}
            value={value}
            checked={form.values[name] === value}
            disabled={isOff}
            onChange={() => form.set(name, value)}
          />
          <span>
            {label}
            {help !== undefined && <small className="field-help">{help}</small>}
          </span>
        </label>
      ))}
      <FieldFoot id={id} help={field.help} problem={problem} />
    </fieldset>
  )
}

/** A box; `isSwitch` draws it as a switch. The value is true or false. */
export function CheckField({
  name,
  isSwitch = false,
  ...field
}: FieldProps & { readonly isSwitch?: boolean }) {
  const { form, id, problem, wiring } = useField(name)
  return (
    <div className="field">
      <label className="choice">
        <input
          {...wiring}
          type="checkbox"
          role={isSwitch ? 'switch' : undefined}
          className={isSwitch ? 'switch' : ''}
          name={name}
          checked={form.values[name] === true}
          onChange={(event) => form.set(name, event.target.checked)}
        />
        <span>{field.label}</span>
      </label>
      <FieldFoot id={id} help={field.help} problem={problem} />
    </div>
  )
}

/** What the form is about and can't be changed in it: the instance, for the most part. */
export function FixedField({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}) {
  return (
    <div className="field">
      <span className="field-label">{label}</span>
      <div className="field-fixed">{children}</div>
    </div>
  )
}
