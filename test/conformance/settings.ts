// What the suite is pointed at. Read once, from the environment; without a URL the suite starts our own server.

/** `own`: on for our own server; `others`: on for any other address. */
interface FeatureRow {
  readonly own: boolean
  readonly others: boolean
}

const featureTable = {
  // In the specification, but a registry may leave it out.
  'blob-delete': { own: true, others: true },
  'manifest-delete': { own: true, others: true },
  'tag-delete': { own: true, others: true },
  'single-post': { own: true, others: true },
  'upload-cancel': { own: true, others: true },
  'digest-header': { own: true, others: true },
  'digest-header-on-push': { own: true, others: true },
  'digest-algorithm': { own: true, others: true },
  sha512: { own: true, others: true },
  'tag-parameters': { own: true, others: true },
  mount: { own: true, others: true },
  'anonymous-mount': { own: false, others: false },
  referrers: { own: true, others: true },
  'sparse-index': { own: true, others: false },
  'sparse-image': { own: false, others: false },
  ranges: { own: true, others: true },
  // Beside the specification; clients use it.
  'multiple-ranges': { own: true, others: true },
  'docker-media-types': { own: true, others: true },
  'conditional-requests': { own: true, others: true },
  catalog: { own: true, others: true },
  'error-codes': { own: true, others: true },
  // Rules of our own, where the specification leaves a choice.
  entrepot: { own: true, others: false },
} as const satisfies Record<string, FeatureRow>

export type Feature = keyof typeof featureTable
export type Dialect = 'sqlite' | 'postgres'
export type Authentication = 'basic' | 'token' | 'none'

export interface Settings {
  /** Absent: start our own server. */
  readonly url: string | undefined
  /** Which database our own server runs on. */
  readonly dialect: Dialect
  readonly username: string
  readonly password: string
  readonly repository1: string
  readonly repository2: string
  readonly authentication: Authentication | undefined
  readonly features: ReadonlySet<Feature>
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const url = env.ENTREPOT_CONFORMANCE_URL
  return {
    url,
    dialect: parseDialect(env.ENTREPOT_CONFORMANCE_DATABASE),
    username: env.ENTREPOT_CONFORMANCE_USERNAME ?? '',
    password: env.ENTREPOT_CONFORMANCE_PASSWORD ?? '',
    repository1: env.ENTREPOT_CONFORMANCE_REPO1 ?? 'conformance/one',
    repository2: env.ENTREPOT_CONFORMANCE_REPO2 ?? 'conformance/two',
    authentication: parseAuthentication(env.ENTREPOT_CONFORMANCE_AUTH),
    features: parseFeatures(env.ENTREPOT_CONFORMANCE_FEATURES ?? '', url === undefined),
  }
}

function parseDialect(text: string | undefined): Dialect {
  if (text === undefined || text === '') return 'sqlite'
  if (text === 'sqlite' || text === 'postgres') return text
  throw new Error(`ENTREPOT_CONFORMANCE_DATABASE is "${text}"; it must be sqlite or postgres`)
}

function parseAuthentication(text: string | undefined): Authentication | undefined {
  if (text === undefined || text === '') return undefined
  if (text === 'basic' || text === 'token' || text === 'none') return text
  throw new Error(`ENTREPOT_CONFORMANCE_AUTH is "${text}"; it must be basic, token or none`)
}

/** `+name` and `-name`, separated by commas, change the defaults. */
function parseFeatures(text: string, own: boolean): ReadonlySet<Feature> {
  const features = new Set<Feature>()
  for (const [name, row] of Object.entries(featureTable)) {
    if ((own ? row.own : row.others) && isFeature(name)) features.add(name)
  }
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const sign = item.trim().slice(0, 1)
    const name = item.trim().slice(1)
    if (!isFeature(name) || (sign !== '+' && sign !== '-')) {
      const known = Object.keys(featureTable).join(', ')
      throw new Error(`ENTREPOT_CONFORMANCE_FEATURES: "${item}" is not + or - and one of ${known}`)
    }
    if (sign === '+') features.add(name)
    else features.delete(name)
  }
  return features
}

function isFeature(name: string): name is Feature {
  return Object.hasOwn(featureTable, name)
}
