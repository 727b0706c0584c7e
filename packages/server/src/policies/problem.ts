/** What a reader is told, in both languages. */
export interface Words {
  readonly en: string
  readonly zh: string
}

/** Why a text is no policy: where in the document, and which rule it breaks. For whoever wrote it. */
export class PolicyProblem extends Error {
  /** `statement[2].action[0]`; `document` for all of it. */
  readonly field: string
  readonly rule: Words

  constructor(field: string, rule: Words) {
    super(`${field} ${rule.en}`)
    this.name = 'PolicyProblem'
    this.field = field
    this.rule = rule
  }
}
