// The addresses of a chart repository, as helm and ChartMuseum's clients know them. `helm cm-push` derives the second kind
// from the first: `/api` before the repository's path.
//
//   /chartrepo/<namespace>/index.yaml
//   /chartrepo/<namespace>/charts/<file>.tgz[.prov]
//   /api/chartrepo/<namespace>/charts[/<name>[/<version>]]
//   /api/chartrepo/<namespace>/prov

export type ChartRoute =
  | { readonly kind: 'index'; readonly namespace: string }
  | {
      readonly kind: 'file'
      readonly namespace: string
      /** Where the chart's repository lies: the namespace, or below it. */
      readonly folder: string
      /** `<name>-<version>.tgz`. */
      readonly fileName: string
      readonly isProvenance: boolean
    }
  | {
      readonly kind: 'charts'
      readonly namespace: string
      readonly name: string | undefined
      readonly version: string | undefined
    }
  | { readonly kind: 'prov'; readonly namespace: string }

const filesRoot = '/chartrepo/'
const apiRoot = '/api/chartrepo/'
const maxPathChars = 1024
const provenanceSuffix = '.prov'

export function isChartRepo(url: string): boolean {
  return url.startsWith(filesRoot) || url.startsWith(apiRoot)
}

/** Undefined: nothing of a chart repository lies there. */
export function parseChartRoute(pathname: string): ChartRoute | undefined {
  const path = decodePath(pathname)
  if (path === undefined || path.length > maxPathChars) return undefined
  return path.startsWith(filesRoot)
    ? parseFile(path.slice(filesRoot.length).split('/'))
    : parseApi(path.slice(apiRoot.length).split('/'))
}

function decodePath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

function parseFile(segments: readonly string[]): ChartRoute | undefined {
  const [namespace = '', second, ...rest] = segments
  if (segments.includes('')) return undefined
  if (second === 'index.yaml' && rest.length === 0) return { kind: 'index', namespace }
  const last = rest.at(-1)
  if (second !== 'charts' || last === undefined) return undefined
  const isProvenance = last.endsWith(provenanceSuffix)
  const fileName = isProvenance ? last.slice(0, -provenanceSuffix.length) : last
  if (!fileName.endsWith('.tgz')) return undefined
  const folder = [namespace, ...rest.slice(0, -1)].join('/')
  return { kind: 'file', namespace, folder, fileName, isProvenance }
}

function parseApi(segments: readonly string[]): ChartRoute | undefined {
  const [namespace = '', second, name, version, ...rest] = segments
  if (namespace === '' || rest.length > 0 || name === '' || version === '') return undefined
  if (second === 'charts') return { kind: 'charts', namespace, name, version }
  if (second === 'prov' && name === undefined) return { kind: 'prov', namespace }
  return undefined
}
