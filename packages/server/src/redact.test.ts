import assert from 'node:assert/strict'
import test from 'node:test'
import { isSecretField, redact, redactor } from './redact.ts'

const secret = 'S3cr3t-Value_0123456789'
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ0Y3IkYSJ9.c2lnbmF0dXJl'
const basic = Buffer.from(`100000000001:${secret}`).toString('base64')

test('a secret in any of its usual shapes is hidden', () => {
  const texts = [
    `Authorization: Bearer ${secret}`,
    `authorization: Basic ${basic}`,
    `{"authorization":"Basic ${basic}"}`,
    `{ authorization: 'Basic ${basic}' }`,
    `GET /service/token?account=a&token=${secret}&scope=x`,
    `GET https://h/v2/?access_token=${secret}`,
    `https://s3/b/k?X-Amz-Credential=AKIA${secret}&X-Amz-Signature=${secret}&X-Amz-Expires=5`,
    `https://s3/b/k?x-amz-security-token=${secret}`,
    `postgres://entrepot:${secret}@db:5432/entrepot`,
    `connect to redis://:${secret}@cache failed`,
    `body was {"password":"${secret}","refresh_token": "${secret}"}`,
    `body was {\\"password\\":\\"${secret}\\"}`,
    `{ secretKey: '${secret}', user: 'a' }`,
    `grant_type=password&username=a&password=${secret}`,
    `client_secret=${secret}`,
    `ENTREPOT_ADMIN_TOKEN=${secret}`,
    `ENTREPOT_S3_SECRET_KEY=${secret}`,
    `password: ${secret}`,
    `Cookie: session=${secret}; csrf=${secret}`,
    `x-registry-auth: ${secret}`,
  ]
  for (const text of texts) {
    const shown = redact(text)
    assert.ok(!shown.includes(secret) && !shown.includes(basic), `${text} became ${shown}`)
  }
  assert.ok(!redact(`the token ${jwt} expired`).includes('eyJ'))
})

test('what is no secret stays readable', () => {
  const texts = [
    'Bearer realm="https://registry.example.com/service/token",service="registry"',
    'the basic settings of the instance',
    'token expired 60 s ago',
    'https://registry.example.com:5000/v2/demo/app@sha256:abc',
    'ENTREPOT_ADMIN_TOKEN must have 20 characters or more',
    'GET /v2/demo/app/blobs/uploads/0k3f?digest=sha256:abc&_state=2',
    'credential 0k3f was disabled',
  ]
  for (const text of texts) assert.equal(redact(text), text)
})

test('known secrets are hidden by value, also encoded', () => {
  const password = 'p/w d:1+2'
  const hide = redactor([password, 'ab'])
  const shown = hide(
    `x ${password} y ${encodeURIComponent(password)} z ${Buffer.from(password).toString('base64')} ab`,
  )
  assert.equal(shown, 'x [hidden] y [hidden] z [hidden] ab')
})

test('hostile text costs linear time', () => {
  const started = process.cpuUsage()
  for (const unit of ['a', 'token', 'a.', '://', 'eyJa.', 'password:"', 'bearer ']) {
    const shown = redact(unit.repeat(200_000))
    assert.ok(shown.length < 40_000)
  }
  const used = process.cpuUsage(started)
  assert.ok(used.user + used.system < 2_000_000, `${used.user} µs`)
})

test('fields are secret by their name', () => {
  const names = [
    'password',
    'token',
    'refresh_token',
    'accessToken',
    'secret',
    'secretKey',
    'masterKey',
  ]
  for (const name of [...names, 'authorization', 'set-cookie', 'privateKey', 'X-Amz-Signature']) {
    assert.equal(isSecretField(name), true, name)
  }
  for (const name of ['tokenMinutes', 'credential', 'requestId', 'key', 'cookieless', 'secretId']) {
    assert.equal(isSecretField(name), false, name)
  }
})
