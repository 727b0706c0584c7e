import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodePath, RequestSigner } from './s3-signing.ts'

// The example of "Authenticating Requests: Using Query Parameters" in the S3 API reference.
const signer = new RequestSigner({
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
})
const target = {
  method: 'GET',
  host: 'examplebucket.s3.amazonaws.com',
  path: '/test.txt',
} as const
const time = Date.UTC(2013, 4, 24)

describe('signatures for S3', () => {
  it('sign an address as the reference does', () => {
    assert.equal(
      signer.query(target, time, 86_400),
      'X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    )
  })

  it('change with the method, the path, the host, the time and the day', () => {
    const day = 86_400_000
    const signatures = [
      signer.headers(target, time),
      signer.headers({ ...target, method: 'HEAD' }, time),
      signer.headers({ ...target, path: '/test' }, time),
      signer.headers({ ...target, host: 'other' }, time),
      signer.headers(target, time + 1000),
      signer.headers(target, time + day),
    ].map((headers) => headers.authorization)
    assert.equal(new Set(signatures).size, signatures.length)
    assert.equal(signer.headers(target, time).authorization, signatures[0])
  })

  it('encode each byte that is not unreserved', () => {
    assert.equal(encodePath("/a b/ü(1)!*'/~-._"), '/a%20b/%C3%BC%281%29%21%2A%27/~-._')
  })
})
