// Image signatures (3 actions).

import { type Action, on } from '../action.ts'
import { flag, required, text, withDefault } from '../fields.ts'
import { action, imageVersion, namespaceName, registryId, repositoryName } from './parameters.ts'

export const createSignaturePolicy = action('CreateSignaturePolicy', {
  doc: {
    en: 'Signs what is pushed to a namespace from now on with a key of KMS.',
    zh: '使用 KMS 密钥为命名空间内之后推送的镜像签名。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  input: {
    RegistryId: registryId,
    Name: required(
      text(
        'Name of the policy: 2 to 50 of a-z and 0-9, single . _ - / inside',
        '策略名称：2 到 50 个字符，小写字母、数字，中间可有单个 . _ - /',
        {
          minChars: 2,
          maxChars: 50,
          rule: {
            pattern: /^[a-z0-9]+(?:[._/-][a-z0-9]+)*$/,
            words: {
              en: 'lower-case letters and digits with single separators . _ - / inside',
              zh: '小写字母和数字，中间可有单个分隔符 . _ - /',
            },
          },
        },
      ),
    ),
    NamespaceName: namespaceName,
    KmsId: required(
      text('Id of an asymmetric signing key', 'KMS 非对称签名密钥 ID', {
        minChars: 1,
        maxChars: 64,
      }),
    ),
    KmsRegion: required(text('Region of the key', '密钥所在地域', { minChars: 1, maxChars: 64 })),
    Domain: text(
      'Custom domain that the signature names; empty: the default one',
      '签名中使用的自定义域名，为空时使用默认域名',
      { maxChars: 253 },
    ),
    Disabled: withDefault(flag('True: the policy rests', 'true 表示停用策略'), false),
  },
  output: {},
})

export const deleteSignaturePolicy = action('DeleteSignaturePolicy', {
  doc: {
    en: 'Deletes the signing policy of a namespace with its signatures.',
    zh: '删除命名空间的签名策略及其签名。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}'),
  input: { RegistryId: registryId, NamespaceName: namespaceName },
  output: {},
})

export const createSignature = action('CreateSignature', {
  doc: {
    en: 'Signs an image that is here already, by the policy of its namespace.',
    zh: '按命名空间的签名策略为已有镜像签名。',
  },
  kind: 'write',
  access: on('repository/{RegistryId}/{NamespaceName}/{RepositoryName}'),
  input: {
    RegistryId: registryId,
    NamespaceName: namespaceName,
    RepositoryName: repositoryName,
    ImageVersion: imageVersion,
  },
  output: {},
})

export const signatureActions: readonly Action[] = [
  createSignaturePolicy,
  deleteSignaturePolicy,
  createSignature,
]
