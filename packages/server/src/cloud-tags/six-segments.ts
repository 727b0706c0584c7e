// Resources as `tag` writes them: `qcs::tcr:<region>:uin/<uin>:instance/<id>`. The account may be left out. The region is
// not compared: clients write the one they are set to, and ids are unique over regions.

import { ApiError } from '@entrepot/contract/errors.ts'
import { PolicyProblem } from '../policies/problem.ts'
import { parseResource } from '../policies/resources.ts'
import { type LocatedResource, parseResourcePath, type ResourcePath } from './resources.ts'

export const taggedService = 'tcr'

/** Undefined for what can carry no tags here. Throws RESOURCE_DESCRIPTION_INVALID. */
export function parseTaggedResource(written: string, ownerUin: number): ResourcePath | undefined {
  const { service, path, ownerUin: uin } = parseSegments(written, ownerUin)
  if (service !== taggedService || uin !== ownerUin) return undefined
  return parseResourcePath(path)
}

function parseSegments(written: string, ownerUin: number) {
  try {
    return parseResource(written, ownerUin, 'Resource')
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error
    const { field, rule } = error
    throw new ApiError('RESOURCE_DESCRIPTION_INVALID', {
      message: { en: `${field} ${rule.en}`, zh: `${field} ${rule.zh}` },
    })
  }
}

export function toSixSegments({ region, ownerUin, path }: LocatedResource): string {
  return `qcs::${taggedService}:${region}:uin/${ownerUin}:${path}`
}
