// The environment of an image, `NAME=value`.

export interface EnvPair {
  readonly name: string
  readonly value: string
}

export function splitEnv(text: string): EnvPair {
  const at = text.indexOf('=')
  return at === -1
    ? { name: text, value: '' }
    : { name: text.slice(0, at), value: text.slice(at + 1) }
}

const secretName =
  /pass(?:word|wd|phrase)?$|secret|token|api_?key|private_?key|access_?key|credential/i
/** A file's name, a number or a switch is none. */
const harmlessValue = /^(?:\/\S*|\d*|true|false|yes|no|on|off)$/i

export function looksSecret({ name, value }: EnvPair): boolean {
  return secretName.test(name) && !harmlessValue.test(value)
}
