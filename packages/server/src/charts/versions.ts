// A chart's version: SemVer 2, with a `v` before it if its maintainers like (helm takes those too). In a tag `+` is
// written `_`, as helm does it: a tag can't hold `+`, and no SemVer holds `_`.

const numbers = '(0|[1-9]\\d{0,15})\\.(0|[1-9]\\d{0,15})\\.(0|[1-9]\\d{0,15})'
const identifier = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)'
const versionPattern = new RegExp(
  `^v?${numbers}(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$`,
)

/** A tag holds no more. */
export const maxVersionChars = 128

export interface ChartVersion {
  readonly text: string
  readonly tag: string
  readonly isPrerelease: boolean
  /** Ascends by byte as versions do by SemVer's precedence; build metadata last, so that the order is one. */
  readonly order: string
}

/** Undefined: not SemVer, or too long for a tag. */
export function parseChartVersion(text: string): ChartVersion | undefined {
  if (text.length > maxVersionChars) return undefined
  const match = versionPattern.exec(text)
  if (!match) return undefined
  const [, major = '', minor = '', patch = '', prerelease, build = ''] = match
  const release = [major, minor, patch].map(orderOfNumber).join('')
  const rest = prerelease === undefined ? releaseMark : `-${orderOfPrerelease(prerelease)}`
  return {
    text,
    tag: text.replace('+', '_'),
    isPrerelease: prerelease !== undefined,
    order: `${release}${rest} ${build}`,
  }
}

/** Behind every pre-release, which begins with `-`. */
const releaseMark = '~'

/** The length first, so that more digits come later. */
function orderOfNumber(digits: string): string {
  return `${String(digits.length).padStart(3, '0')}${digits}`
}

/**
 * Numbers before words. Whoever has more identifiers comes later: the end, a blank, is less than what divides them, and
 * that less than all that they hold.
 */
function orderOfPrerelease(text: string): string {
  return text
    .split('.')
    .map((one) => (/^\d+$/.test(one) ? `0${orderOfNumber(one)}` : `1${one}`))
    .join('!')
}
