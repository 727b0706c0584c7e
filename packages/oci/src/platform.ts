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
