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

/** Of Helm charts; may be granted like the others. */
export const createHelmChart = 'tcr:CreateHelmChart'
export const chartActions = [createHelmChart, 'tcr:DescribeHelmCharts'] as const

export type Action = (typeof actions)[number] | (typeof chartActions)[number]

/** What a permission of a service account may name; rows are per namespace. */
export const grantableActions = [
  pullRepository,
  pushRepository,
  createRepository,
  deleteImage,
  ...chartActions,
] as const

export type GrantableAction = (typeof grantableActions)[number]

/** The two kinds of permission that the console offers; delete only where it is granted by name. */
export const readOnly: readonly GrantableAction[] = [pullRepository]
export const readWrite: readonly GrantableAction[] = [
  pullRepository,
  pushRepository,
  createRepository,
]
