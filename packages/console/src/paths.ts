// The addresses of all pages, below the place where the console hangs. Every link is made here.

/** `team/api` of namespace `a` is `/r/tcr-x/repositories/a/team/api/-/tags`: `-` is no segment of a repository. */
const pathEnd = '-'

const enc = encodeURIComponent
const encPath = (path: string): string => path.split('/').map(enc).join('/')

export interface RepositoryAt {
  readonly instance: string
  readonly namespace: string
  /** Without the namespace; may have slashes. */
  readonly path: string
}

export interface ChartAt {
  readonly instance: string
  readonly namespace: string
  /** Its name within the namespace; with slashes where only OCI clients reach it. */
  readonly chart: string
}

export type ChartTab = 'versions' | 'commands'
export type ChartVersionTab = 'readme' | 'values' | 'files' | 'info'

export type RepositoryTab = 'tags' | 'info' | 'commands' | 'history'

export const paths = {
  overview: () => '/',
  login: () => '/login',
  welcome: () => '/welcome',
  instances: () => '/instances',
  newInstance: () => '/instances/new',
  instance: (id: string, tab = 'basic') => `/instances/${enc(id)}/${tab}`,

  namespaces: (instance: string) => `/r/${enc(instance)}/namespaces`,
  namespace: (instance: string, name: string, tab = 'basic') =>
    `/r/${enc(instance)}/namespaces/${enc(name)}/${tab}`,
  repositories: (instance: string) => `/r/${enc(instance)}/repositories`,
  repository: ({ instance, namespace, path }: RepositoryAt, tab: RepositoryTab = 'tags') =>
    `/r/${enc(instance)}/repositories/${enc(namespace)}/${encPath(path)}/${pathEnd}/${tab}`,
  image: (at: RepositoryAt, tag: string, tab = 'layers') =>
    `${paths.repository(at)}/${enc(tag)}/${tab}`,
  digest: ({ instance, namespace, path }: RepositoryAt, digest: string, tab = 'layers') =>
    `/r/${enc(instance)}/repositories/${enc(namespace)}/${encPath(path)}/${pathEnd}/digests/${enc(digest)}/${tab}`,
  compare: ({ instance, namespace, path }: RepositoryAt, a: string, b: string) =>
    `/r/${enc(instance)}/repositories/${enc(namespace)}/${encPath(path)}/${pathEnd}/compare?${new URLSearchParams({ a, b })}`,
  models: (instance: string) => `/r/${enc(instance)}/models`,
  skills: (instance: string) => `/r/${enc(instance)}/skills`,
  charts: (instance: string) => `/r/${enc(instance)}/charts`,
  chart: ({ instance, namespace, chart }: ChartAt, tab: ChartTab = 'versions') =>
    `/r/${enc(instance)}/charts/${enc(namespace)}/${encPath(chart)}/${pathEnd}/${tab}`,
  chartVersion: (at: ChartAt, version: string, tab: ChartVersionTab = 'readme') =>
    `${paths.chart(at)}/${enc(version)}/${tab}`,
  compareCharts: ({ instance, namespace, chart }: ChartAt, a: string, b: string) =>
    `/r/${enc(instance)}/charts/${enc(namespace)}/${encPath(chart)}/${pathEnd}/compare?${new URLSearchParams({ a, b })}`,
  userCredentials: (instance: string) => `/r/${enc(instance)}/credentials/user`,
  serviceAccounts: (instance: string) => `/r/${enc(instance)}/credentials/service`,
  newServiceAccount: (instance: string) => `/r/${enc(instance)}/credentials/service/new`,
  serviceAccount: (instance: string, name: string) =>
    `/r/${enc(instance)}/credentials/service/${enc(name)}`,

  immutability: (instance: string) => `/r/${enc(instance)}/immutability`,

  cleanUp: (instance: string) => `/r/${enc(instance)}/clean-up`,
  cleanup: (instance: string, id: number) => `/r/${enc(instance)}/clean-up/${id}`,
  retention: (instance: string) => `/r/${enc(instance)}/retention`,
  retentionRuns: (instance: string, rule: string | number) =>
    `/r/${enc(instance)}/retention/${rule}`,
  retentionRun: (instance: string, rule: string | number, run: string | number) =>
    `${paths.retentionRuns(instance, rule)}/runs/${run}`,
  recycleBin: (instance: string) => `/r/${enc(instance)}/bin`,

  triggers: (instance: string) => `/r/${enc(instance)}/triggers`,
  triggerLog: (instance: string, namespace: string, trigger: number) =>
    `/r/${enc(instance)}/triggers/${enc(namespace)}/${trigger}/log`,

  personal: (region: string, page = 'repositories') => `/p/${enc(region)}/${page}`,

  access: (kind: AccessKind) => `/access/${kind}`,
  accessDetail: (kind: AccessKind, id: string | number, tab = 'basic') =>
    `/access/${kind}/${enc(String(id))}/${tab}`,
  newPolicy: () => '/access/policies/new',
  me: (tab = 'profile') => `/me/${tab}`,

  audit: () => '/audit',
  usage: () => '/usage',
  jobs: () => '/jobs',
  job: (id: string) => `/jobs/${enc(id)}`,
  system: (tab = 'accounts') => `/system/${tab}`,
  help: (page: string) => `/help/${enc(page)}`,
} as const

export type AccessKind =
  | 'users'
  | 'groups'
  | 'roles'
  | 'policies'
  | 'simulator'
  | 'keys'
  | 'providers'

/** What stands after `/r/<id>/repositories/<namespace>/`, taken apart; undefined: no page of a repository. */
export type RepositoryPlace =
  | { readonly page: 'repository'; readonly path: string; readonly tab: RepositoryTab }
  | { readonly page: 'image'; readonly path: string; readonly tag: string; readonly tab: string }
  | {
      readonly page: 'digest'
      readonly path: string
      readonly digest: string
      readonly tab: string
    }
  | { readonly page: 'compare'; readonly path: string }

export function parseRepositoryPlace(splat: string): RepositoryPlace | undefined {
  const segments = splat.split('/')
  const end = segments.indexOf(pathEnd)
  const path = segments.slice(0, end === -1 ? undefined : end).join('/')
  if (path === '') return undefined
  if (end === -1) return { page: 'repository', path, tab: 'tags' }
  const [kind, name, tab] = segments.slice(end + 1)
  switch (kind) {
    case 'tags':
      if (name === undefined) return { page: 'repository', path, tab: 'tags' }
      return { page: 'image', path, tag: name, tab: tab ?? 'layers' }
    case 'digests':
      return name === undefined
        ? undefined
        : { page: 'digest', path, digest: name, tab: tab ?? 'layers' }
    case 'compare':
      return { page: 'compare', path }
    case 'info':
    case 'commands':
    case 'history':
      return { page: 'repository', path, tab: kind }
    default:
      return undefined
  }
}

/** What stands after `/r/<id>/charts/<namespace>/`, taken apart; undefined: no page of a chart. */
export type ChartPlace =
  | { readonly page: 'chart'; readonly chart: string; readonly tab: ChartTab }
  | {
      readonly page: 'version'
      readonly chart: string
      readonly version: string
      readonly tab: ChartVersionTab
    }
  | { readonly page: 'compare'; readonly chart: string }

const chartVersionTabs: readonly ChartVersionTab[] = ['readme', 'values', 'files', 'info']

export function parseChartPlace(splat: string): ChartPlace | undefined {
  const segments = splat.split('/')
  const end = segments.indexOf(pathEnd)
  const chart = segments.slice(0, end === -1 ? undefined : end).join('/')
  if (chart === '') return undefined
  if (end === -1) return { page: 'chart', chart, tab: 'versions' }
  const [kind, version, tab = 'readme'] = segments.slice(end + 1)
  switch (kind) {
    case 'versions': {
      if (version === undefined) return { page: 'chart', chart, tab: 'versions' }
      const known = chartVersionTabs.find((one) => one === tab)
      return known && { page: 'version', chart, version, tab: known }
    }
    case 'commands':
      return { page: 'chart', chart, tab: 'commands' }
    case 'compare':
      return { page: 'compare', chart }
    default:
      return undefined
  }
}

/** A path of this console to go to after logging in; anything else is the overview. */
export function safeNext(next: unknown): string {
  const isOurs =
    typeof next === 'string' &&
    /^\/(?![/\\])/.test(next) &&
    !/[\\\s]/.test(next) &&
    !next.startsWith('/login')
  return isOurs ? next : paths.overview()
}
