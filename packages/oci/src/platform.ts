// The platform of an index's child as one line of text: `linux/arm64/v8`, `windows(10.0.17763.1)/amd64`
// (the form that containerd's `platforms.FormatAll` prints).

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly osVersion?: string
}

export function formatPlatform(platform: Platform): string {
  const version = platform.osVersion ? `(${platform.osVersion})` : ''
  const variant = platform.variant ? `/${platform.variant}` : ''
  return `${platform.os}${version}/${platform.architecture}${variant}`
}

/** The other way round; undefined for what `formatPlatform` does not write. */
export function parsePlatform(text: string): Platform | undefined {
  const match = /^([^/()]+)(?:\(([^/()]*)\))?\/([^/]+)(?:\/(.+))?$/.exec(text)
  if (!match) return undefined
  const [, os = '', osVersion, architecture = '', variant] = match
  return { os, architecture, ...(variant && { variant }), ...(osVersion && { osVersion }) }
}
