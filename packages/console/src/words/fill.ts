// Values put into words: `{name}`, and with a number `{n|one repository|{n} repositories}`.

export type Values = Readonly<Record<string, string | number>>

export function fillWords(text: string, values: Values | undefined, locale: string): string {
  if (!values) return text
  const numbers = new Intl.NumberFormat(locale)
  const show = (value: string | number | undefined, name: string) =>
    typeof value === 'number' ? numbers.format(value) : (value ?? `{${name}}`)
  const plural = /\{(\w+)\|([^|{}]*)\|((?:[^{}]|\{\w+\})*)\}/g
  return text
    .replaceAll(plural, (_, name: string, one: string, other: string) =>
      values[name] === 1 ? one : other,
    )
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => show(values[name], name))
}
