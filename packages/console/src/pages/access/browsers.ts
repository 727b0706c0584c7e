// What a user agent is called, as far as people know it: "Firefox, Linux". The whole of it is told beside.

const programs: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//],
  ['Safari', /\bSafari\//],
]

const systems: readonly (readonly [name: string, mark: RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
]

const maxShown = 60

export function browserOf(agent: string | null | undefined): string {
  if (!agent) return '–'
  const known = [programs, systems].map((table) => table.find(([, mark]) => mark.test(agent))?.[0])
  const names = known.filter((name) => name !== undefined)
  return names.length === 0 ? agent.slice(0, maxShown) : names.join(', ')
}
