// Policy documents as callers bring them: what is none is refused with the place and the rule.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type CompiledPolicy, compilePolicy, type PolicySource } from './compiled.ts'
import { PolicyProblem } from './problem.ts'
import { parseResource, type Resource } from './resources.ts'
import { compileTrustPolicy, type TrustPolicy } from './trust.ts'

/** Throws POLICY_DOCUMENT_INVALID. */
export function checkedPolicy(text: string, source: PolicySource): CompiledPolicy {
  return explained(() => compilePolicy(text, source))
}

/** Throws POLICY_DOCUMENT_INVALID. */
export function assertPolicy(text: string): void {
  checkedPolicy(text, { id: 0, authorUin: undefined })
}

/** Throws POLICY_DOCUMENT_INVALID. */
export function assertTrustPolicy(text: string): TrustPolicy {
  return explained(() => compileTrustPolicy(text))
}

/** A resource that somebody names, in six segments. Throws POLICY_DOCUMENT_INVALID. */
export function checkedResource(written: string, ownerUin: number, field: string): Resource {
  return explained(() => parseResource(written, ownerUin, field))
}

function explained<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error
    const { field, rule } = error
    throw new ApiError('POLICY_DOCUMENT_INVALID', {
      message: { en: `${field} ${rule.en}`, zh: `${field} ${rule.zh}` },
      detail: { place: field },
    })
  }
}
