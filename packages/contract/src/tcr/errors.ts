// What instances and storage backends refuse, in the codes of `tcr`.

export const instanceErrors = {
  INSTANCE_NAME_EXISTS: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrorNameExists',
    message: 'an instance of this name exists',
    zh: '同名的实例已存在',
  },
  INSTANCE_NAME_ILLEGAL: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrorNameIllegal',
    message: 'an instance name has a-z, 0-9 and -, and no - at an end',
    zh: '实例名称只能使用小写字母、数字和 -，且首尾不能是 -',
  },
  INSTANCE_NAME_RESERVED: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrorNameReserved',
    message: 'this instance name is reserved',
    zh: '该实例名称为系统保留',
  },
  INSTANCE_NAME_LENGTH: {
    status: 400,
    oci: 'UNSUPPORTED',
    cloud: 'InvalidParameter.ErrorRegistryName',
    message: 'an instance name has 5 to 50 characters',
    zh: '实例名称长度应为 5 到 50 个字符',
  },
  INSTANCE_NOT_RUNNING: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'ResourceInsufficient.ErrorInstanceNotRunning',
    message: 'the instance does not run',
    zh: '实例未处于运行状态',
  },
  INSTANCE_READ_ONLY: {
    status: 403,
    oci: 'DENIED',
    cloud: 'OperationDenied',
    message: 'what was paid for this instance has ended: it can only be read until it is renewed',
    zh: '实例已到期，续费前只读',
  },
  INSTANCE_NOT_EMPTY: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation.PreconditionFailed',
    message: 'the instance is not empty',
    zh: '实例中还有资源',
  },
  EDITION_TOO_SMALL: {
    status: 409,
    oci: 'UNSUPPORTED',
    cloud: 'FailedOperation.PreconditionFailed',
    message: 'the instance uses what this edition lacks',
    zh: '实例正在使用目标规格不具备的功能',
  },
  DRY_RUN: {
    status: 412,
    oci: 'UNSUPPORTED',
    cloud: 'DryRunOperation',
    message: 'the call would have been done, but asked for a dry run',
    zh: '请求将会成功，但传入了 DryRun 参数',
  },
} as const
