// Actions as policies write them: `tcr:Describe*`, `name/tcr:PullRepository`, and the older `ccr:` ones. Capitals make
// no difference.

import type { Permission } from '../../api/permissions.ts'

const namePrefix = 'name/'
const olderProduct = 'ccr:'

/** What Personal edition's older API called otherwise; the rest only got the ending. */
const olderNames: Readonly<Record<string, string>> = {
  createccrnamespace: 'CreateNamespacePersonal',
  deleteusernamespace: 'DeleteNamespacePersonal',
  getuserrepositorylist: 'DescribeRepositoryOwnerPersonal',
  deletetag: 'DeleteImagePersonal',
  batchdeletetag: 'BatchDeleteImagePersonal',
  pull: 'PullRepositoryPersonal',
  push: 'PushRepositoryPersonal',
}

export const permissionSet = /^permid\/\d{1,20}$/
export const actionPattern = /^(?:name\/)?(?:\*|[a-z0-9_*-]+:[a-z0-9_*]+)$/i

const plainOf = (written: string): string =>
  written.startsWith(namePrefix) ? written.slice(namePrefix.length) : written

export function isOlder(written: string): boolean {
  return plainOf(written).toLowerCase().startsWith(olderProduct)
}

/** What an older action means now: itself where it is none. `ccr:*` is all of Personal edition. */
export function meaningsOf(written: string): readonly string[] {
  const plain = plainOf(written)
  if (!isOlder(plain)) return [plain]
  const name = plain.slice(olderProduct.length)
  const renamed = Object.keys(olderNames).filter((known) => matchesText(name, known))
  const isEnded = name.toLowerCase().endsWith('personal')
  const twins = renamed.map((known) => `tcr:${olderNames[known]}`)
  const isRenamedOnly = renamed.length > 0 && !name.includes('*')
  return isRenamedOnly ? twins : [...twins, `tcr:${name}${isEnded ? '' : 'Personal'}`]
}

/** `*` stands for any characters. */
export function matchesText(pattern: string, text: string): boolean {
  const known = compiled.get(pattern)
  if (known) return known.test(text)
  const parts = pattern.split('*').map((part) => RegExp.escape(part))
  const made = new RegExp(`^${parts.join('.*')}$`, 'i')
  if (compiled.size < maxCompiled) compiled.set(pattern, made)
  return made.test(text)
}

/** Each is asked about every action there is, with each letter typed. */
const compiled = new Map<string, RegExp>()
const maxCompiled = 2000

export function matchesAction(written: string, name: string): boolean {
  return meaningsOf(written).some((pattern) => matchesText(pattern, name))
}

export function allows(written: readonly string[], name: string): boolean {
  return written.some((one) => matchesAction(one, name))
}

/** What one tick of "read actions" writes, as the presets have it; for a product that is not here, what reads there. */
const readPatterns: Readonly<Record<string, readonly string[]>> = {
  tcr: ['tcr:Describe*', 'tcr:PullRepository*'],
  cam: ['cam:Get*', 'cam:List*', 'cam:Describe*'],
  cloudaudit: ['cloudaudit:Describe*', 'cloudaudit:Get*', 'cloudaudit:LookUp*'],
  tag: ['tag:Describe*', 'tag:Get*'],
  kms: ['kms:Describe*', 'kms:List*', 'kms:GetKey*'],
  ssl: ['ssl:Describe*'],
  vpc: ['vpc:Describe*'],
}

export function readPatternsOf(service: string): readonly string[] {
  return readPatterns[service] ?? [`${service}:Describe*`, `${service}:Get*`, `${service}:List*`]
}

export const serviceOf = (name: string): string => name.slice(0, name.indexOf(':'))

/** The one that was probably meant. */
export function nearestName(written: string, among: readonly string[]): string | undefined {
  const text = written.toLowerCase()
  const most = Math.max(2, Math.floor(text.length / 4))
  let nearest: string | undefined
  let least = most + 1
  for (const name of among) {
    const steps = distance(text, name.toLowerCase(), least)
    if (steps >= least) continue
    least = steps
    nearest = name
  }
  return nearest
}

/** Letters to change, add or take away; `most` where there are at least so many. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const above = row[j] ?? most
      const before = next[j - 1] ?? most
      const across = row[j - 1] ?? most
      next.push(Math.min(above + 1, before + 1, across + (isSame ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? most
}

/** Who may do these may make a login that can more than he can. */
export const serviceAccountActions: readonly string[] = [
  'tcr:CreateServiceAccount',
  'tcr:ModifyServiceAccount',
  'tcr:ModifyServiceAccountPassword',
]

/** With words; what needs no policy is left out. */
export function grantable(permissions: readonly Permission[]): readonly Permission[] {
  return permissions.filter(({ on }) => on !== 'self')
}
