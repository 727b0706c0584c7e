export type ManifestProblemCode =
  | 'invalid'
  | 'schema1'
  | 'media-type'
  | 'too-large'
  | 'too-many-refs'
  | 'too-deep'

/** Why bytes are no manifest that we keep. The message is for whoever pushed them. */
export class ManifestProblem extends Error {
  readonly code: ManifestProblemCode
  readonly detail: Readonly<Record<string, unknown>>

  constructor(
    code: ManifestProblemCode,
    message: string,
    detail: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.name = 'ManifestProblem'
    this.code = code
    this.detail = detail
  }
}
