// Platforms as clients write them: `linux/arm64/v8`.

export interface PlatformParts {
  readonly Os: string
  readonly Architecture: string
  readonly Variant: string | null
  readonly OsVersion?: string | null
}

export function platformName({ Os, Architecture, Variant }: PlatformParts): string {
  return [Os, Architecture, Variant].filter((part) => part !== null && part !== '').join('/')
}
