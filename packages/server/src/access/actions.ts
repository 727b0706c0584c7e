// The actions that rules speak of, by the names that CAM policies and service accounts use.

export const pullRepository = 'tcr:PullRepository'
export const pushRepository = 'tcr:PushRepository'
export const createRepository = 'tcr:CreateRepository'
export const deleteImage = 'tcr:DeleteImage'
export const describeRepositories = 'tcr:DescribeRepositories'
export const createInstanceToken = 'tcr:CreateInstanceToken'

export const actions = [
  pullRepository,
  pushRepository,
  createRepository,
  deleteImage,
  describeRepositories,
  createInstanceToken,
] as const

export type Action = (typeof actions)[number]

/** What a permission of a service account may name; rows are per namespace. */
export const grantableActions: readonly Action[] = [
  pullRepository,
  pushRepository,
  createRepository,
  deleteImage,
]

/** The two kinds of permission that the console offers; delete only where it is granted by name. */
export const readOnly: readonly Action[] = [pullRepository]
export const readWrite: readonly Action[] = [pullRepository, pushRepository, createRepository]
