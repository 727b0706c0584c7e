// On-demand loading of images (3 actions). The file system that the request names is one of the cloud's.

import { type Action, on } from '../action.ts'
import { flag, object, oneOf, required, text } from '../fields.ts'
import { action, registryId, tagSpecification } from './parameters.ts'

const idRules = { minChars: 1, maxChars: 64 }

export const createImageAccelerationService = action('CreateImageAccelerationService', {
  doc: { en: 'Switches on-demand loading of images on.', zh: '开启镜像按需加载（镜像加速）。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    VpcId: required(text('Network of the cache', '缓存文件系统所在的 VPC', idRules)),
    SubnetId: required(text('Subnet of the cache', '缓存文件系统所在的子网', idRules)),
    StorageType: required(
      oneOf(['SD', 'HP'], 'Standard or fast storage', '存储类型：SD 标准型，HP 性能型'),
    ),
    PGroupId: required(text('Permission group of the cache', '文件系统权限组 ID', idRules)),
    Zone: required(text('Zone, for example ap-beijing-1', '可用区，如 ap-beijing-1', idRules)),
    TagSpecification: object(tagSpecification),
  },
  output: { RegistryId: text('Id of the instance', '实例 ID') },
})

export const describeImageAccelerateService = action('DescribeImageAccelerateService', {
  doc: { en: 'Tells how on-demand loading stands.', zh: '查询镜像加速的状态。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    Status: text('How it stands, for example Completed', '状态，如 Completed'),
    CFSVIP: text('Address of the cache', '缓存文件系统的 IP'),
    IsEnable: flag('Whether it is on', '是否开启'),
  },
})

export const deleteImageAccelerateService = action('DeleteImageAccelerateService', {
  doc: { en: 'Switches on-demand loading of images off.', zh: '关闭镜像加速。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {},
})

export const accelerationActions: readonly Action[] = [
  createImageAccelerationService,
  describeImageAccelerateService,
  deleteImageAccelerateService,
]
