// What keys do: encrypt, decrypt, sign, verify (9 actions). They change nothing, but what they do is audited as a write,
// as whoever may decrypt may learn what was sealed.

import { type Action, self } from '../action.ts'
import {
  flag,
  integer,
  listOf,
  nullable,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import {
  action,
  description,
  givenKeyId,
  hsmClusterId,
  keyId,
  keyOnly,
  maxCiphertextChars,
  maxPlaintextChars,
  tag,
  tagged,
} from './parameters.ts'

const plaintext = text('Plaintext, base64', '明文，base64 编码', { secret: true })
const ciphertext = required(
  text('Ciphertext, base64', '密文，base64 编码', { minChars: 1, maxChars: maxCiphertextChars }),
)

export const getPublicKey = action('GetPublicKey', {
  doc: { en: 'Shows the public half of an asymmetric key.', zh: '查询非对称密钥的公钥。' },
  kind: 'read',
  access: keyOnly,
  input: { KeyId: givenKeyId },
  output: {
    KeyId: keyId,
    PublicKey: text('DER, base64', '公钥，DER 的 base64'),
    PublicKeyPem: text('PEM', '公钥，PEM'),
  },
})

const signAlgorithm = required(
  oneOf(
    ['SM2DSA', 'ECC_P256_R1', 'RSA_PSS_SHA_256', 'RSA_PKCS1_SHA_256'],
    'Algorithm, fit for the key',
    '签名算法，须与密钥匹配',
  ),
)
const message = required(
  text(
    'What is signed, base64: up to 4096 bytes, or a digest of 32',
    '待签名的内容，base64 编码，最多 4096 字节，或 32 字节的摘要',
    { minChars: 1, maxChars: maxPlaintextChars },
  ),
)
const messageType = withDefault(
  oneOf(['RAW', 'DIGEST'], 'RAW; DIGEST: Message is a digest', 'RAW 原文，DIGEST 摘要'),
  'RAW',
)

export const signByAsymmetricKey = action('SignByAsymmetricKey', {
  doc: { en: 'Signs with an asymmetric key.', zh: '用非对称密钥签名。' },
  kind: 'write',
  access: keyOnly,
  input: {
    Algorithm: signAlgorithm,
    Message: message,
    KeyId: givenKeyId,
    MessageType: messageType,
  },
  output: { Signature: text('The signature, base64', '签名，base64 编码') },
})

export const verifyByAsymmetricKey = action('VerifyByAsymmetricKey', {
  doc: { en: 'Verifies a signature of an asymmetric key.', zh: '用非对称密钥验签。' },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    SignatureValue: required(
      text('The signature, base64', '签名，base64 编码', { minChars: 1, maxChars: 4096 }),
    ),
    Message: message,
    Algorithm: signAlgorithm,
    MessageType: messageType,
  },
  output: { SignatureValid: flag('True: it is right', 'true 为签名有效') },
})

export const asymmetricRsaDecrypt = action('AsymmetricRsaDecrypt', {
  doc: { en: 'Decrypts with an RSA key.', zh: '用 RSA 密钥解密。' },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    Ciphertext: ciphertext,
    Algorithm: required(
      oneOf(['RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'], 'Padding', '填充算法'),
    ),
  },
  output: { KeyId: keyId, Plaintext: plaintext },
})

export const asymmetricSm2Decrypt = action('AsymmetricSm2Decrypt', {
  doc: { en: 'Decrypts with an SM2 key.', zh: '用 SM2 密钥解密。' },
  kind: 'write',
  access: keyOnly,
  input: { KeyId: givenKeyId, Ciphertext: ciphertext },
  output: { KeyId: keyId, Plaintext: plaintext },
})

const encryptionContext = text(
  'JSON object that must be given again to decrypt',
  'JSON 对象，解密时须提供相同内容',
  { maxChars: 1024 },
)

export const encrypt = action('Encrypt', {
  doc: { en: 'Encrypts up to 4 KB.', zh: '加密最多 4 KB 的数据。' },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    Plaintext: required({ ...plaintext, minChars: 1, maxChars: maxPlaintextChars }),
    EncryptionContext: encryptionContext,
  },
  output: {
    CiphertextBlob: text('Ciphertext, which names its key', '密文，其中包含密钥信息'),
    KeyId: keyId,
  },
})

/** The plaintext may be answered sealed for a key of the caller's. */
const sealedFor = {
  EncryptionPublicKey: text(
    'Public key to seal the plaintext for, PEM: RSA 2048 or SM2',
    '用于加密返回明文的公钥，PEM，RSA2048 或 SM2',
    { maxChars: 4096 },
  ),
  EncryptionAlgorithm: oneOf(
    ['SM2', 'SM2_C1C3C2_ASN1', 'RSAES_PKCS1_V1_5', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    'How it is sealed',
    '加密返回明文的算法',
  ),
} as const

export const decrypt = action('Decrypt', {
  doc: {
    en: 'Decrypts what Encrypt or GenerateDataKey gave.',
    zh: '解密 Encrypt 或 GenerateDataKey 的密文。',
  },
  kind: 'write',
  // The key stands in the ciphertext: the handler asks for `key/<id>`.
  access: self,
  input: {
    CiphertextBlob: ciphertext,
    EncryptionContext: encryptionContext,
    ...sealedFor,
  },
  output: { KeyId: keyId, Plaintext: plaintext },
})

export const generateDataKey = action('GenerateDataKey', {
  doc: { en: 'Makes a data key, plain and encrypted.', zh: '生成数据密钥，返回明文与密文。' },
  kind: 'write',
  access: keyOnly,
  input: {
    KeyId: givenKeyId,
    KeySpec: oneOf(
      ['AES_128', 'AES_256'],
      'Kind; this or NumberOfBytes, which wins',
      '规格，与 NumberOfBytes 至少一个，以后者为准',
    ),
    NumberOfBytes: integer('Bytes, 1 to 1024', '长度，1 到 1024 字节', { min: 1, max: 1024 }),
    EncryptionContext: encryptionContext,
    ...sealedFor,
    IsHostedByKms: integer('1: it is kept here', '1 由 KMS 托管', { values: [0, 1] }),
    DataKeyName: text('Name of one that is kept', '托管的数据密钥名称', { maxChars: 60 }),
    Description: { ...description, maxChars: 100 },
    HsmClusterId: hsmClusterId,
    Tags: listOf(tag, 'Cloud tags of one that is kept', '托管的数据密钥的云标签', { maxItems: 50 }),
  },
  output: {
    KeyId: keyId,
    Plaintext: plaintext,
    CiphertextBlob: text('Ciphertext, which names its key', '密文，其中包含密钥信息'),
    DataKeyId: nullable(text('Id of one that is kept', '托管的数据密钥 ID')),
    ...tagged,
  },
})

const algorithm = structure('AlgorithmInfo', 'An algorithm', '算法', {
  KeyUsage: text('Kind of key', '密钥用途'),
  Algorithm: text('Its name', '算法名称'),
})

export const listAlgorithms = action('ListAlgorithms', {
  doc: { en: 'Lists the algorithms there are.', zh: '查询支持的算法。' },
  kind: 'read',
  access: self,
  input: {},
  output: {
    SymmetricAlgorithms: listOf(algorithm, 'To encrypt with one key', '对称加密算法'),
    AsymmetricAlgorithms: listOf(algorithm, 'To encrypt with two', '非对称加密算法'),
    AsymmetricSignVerifyAlgorithms: listOf(algorithm, 'To sign', '签名验签算法'),
  },
})

export const cryptographyActions: readonly Action[] = [
  getPublicKey,
  signByAsymmetricKey,
  verifyByAsymmetricKey,
  asymmetricRsaDecrypt,
  asymmetricSm2Decrypt,
  encrypt,
  decrypt,
  generateDataKey,
  listAlgorithms,
]
