// What Personal edition refuses, in codes of its own.

export const personalErrors = {
  PERSONAL_NAMESPACE_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'InvalidParameter.ErrNamespaceExist',
    message: 'somebody in this region has a namespace of this name',
    zh: '该命名空间名称在当前地域已被占用',
  },
  PERSONAL_NAMESPACE_RESERVED: {
    status: 400,
    oci: 'DENIED',
    cloud: 'InvalidParameter.ErrNamespaceReserved',
    message: 'this name of a namespace is reserved',
    zh: '该命名空间名称为系统保留',
  },
  PERSONAL_NAMESPACE_LIMIT: {
    status: 403,
    oci: 'DENIED',
    cloud: 'LimitExceeded.ErrNamespaceMaxLimit',
    message: 'the account has as many namespaces as it may have in this region',
    zh: '账号在当前地域的命名空间数已达上限',
  },
  PERSONAL_NAMESPACE_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    cloud: 'ResourceNotFound.ErrNoNamespace',
    message: 'the account has no such namespace',
    zh: '该账号下没有这个命名空间',
  },
  PERSONAL_REPOSITORY_EXISTS: {
    status: 409,
    oci: 'DENIED',
    cloud: 'InvalidParameter.ErrRepoExist',
    message: 'a repository of this name exists',
    zh: '同名的仓库已存在',
  },
  PERSONAL_REPOSITORY_LIMIT: {
    status: 403,
    oci: 'DENIED',
    cloud: 'LimitExceeded.ErrRepoMaxLimit',
    message: 'the account has as many repositories as it may have in this region',
    zh: '账号在当前地域的仓库数已达上限',
  },
  PERSONAL_REPOSITORY_UNKNOWN: {
    status: 404,
    oci: 'NAME_UNKNOWN',
    cloud: 'ResourceNotFound.ErrNoRepo',
    message: 'the account has no such repository',
    zh: '该账号下没有这个仓库',
  },
  PERSONAL_TAG_UNKNOWN: {
    status: 404,
    oci: 'MANIFEST_UNKNOWN',
    cloud: 'ResourceNotFound.ErrNoTag',
    message: 'the repository has no such tag',
    zh: '仓库中没有这个版本',
  },
  PERSONAL_USER_EXISTS: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrUserExist',
    message: 'you have begun with Personal edition already; change the password instead',
    zh: '个人版已初始化，请改用修改密码',
  },
  PERSONAL_USER_UNKNOWN: {
    status: 404,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceNotFound.ErrNoUser',
    message: 'you have not begun with Personal edition: call CreateUserPersonal first',
    zh: '个人版尚未初始化，请先调用 CreateUserPersonal',
  },
  PERSONAL_NOT_BEGUN: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'UnsupportedOperation.ErrNoUserInitialized',
    message:
      'nobody of this account has begun with Personal edition: call CreateUserPersonal first',
    zh: '该账号尚未初始化个人版，请先调用 CreateUserPersonal',
  },
  PERSONAL_TOO_MANY: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrTooLarge',
    message: 'too many at once',
    zh: '一次操作的数量过多',
  },
} as const
