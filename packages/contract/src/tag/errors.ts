// What cloud tags refuse, in the codes of `tag`.

export const tagErrors = {
  RESOURCE_DESCRIPTION_INVALID: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameterValue.ResourceDescriptionError',
    message: 'a resource is written in six segments, qcs::<service>:<region>:<account>:<resource>',
    zh: '资源应为六段式 qcs::<service>:<region>:<account>:<resource>',
  },
  OFFSET_INVALID: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameterValue.OffsetInvalid',
    message: 'Offset must be a multiple of Limit',
    zh: 'Offset 须为 Limit 的整数倍',
  },
  PAGINATION_TOKEN_INVALID: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameterValue.PaginationTokenInvalid',
    message: 'PaginationToken is not one that a page before has given',
    zh: 'PaginationToken 不是上一页返回的凭证',
  },
  DELETED_TAGS_INVALID: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameterValue.DeleteTagsParamError',
    message: 'a tag can not be set and taken in one call',
    zh: '同一个标签不能同时添加和移除',
  },
  RESOURCE_TAGS_FULL: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'LimitExceeded.ResourceAttachedTags',
    message: 'the resource has as many tags as it may',
    zh: '资源的标签数量达到上限',
  },
  CLOUD_TAG_LIMIT: {
    status: 403,
    oci: 'UNSUPPORTED',
    cloud: 'LimitExceeded.Quota',
    message: 'the account has as many tags as it may; delete those that nothing has',
    zh: '账号的标签数量达到上限，请删除未使用的标签',
  },
  CLOUD_TAG_EXISTS: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceInUse.TagDuplicate',
    message: 'the account has this tag',
    zh: '标签已存在',
  },
  CLOUD_TAG_ATTACHED: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation.TagAttachedResource',
    message: 'a resource has this tag; take it from there first',
    zh: '标签正被资源使用，请先从资源上移除',
  },
  CLOUD_TAG_NOT_FOUND: {
    status: 404,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceNotFound.TagNonExist',
    message: 'the account has no such tag',
    zh: '该账号下没有这个标签',
  },
} as const
