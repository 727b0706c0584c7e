// Everything but GET and HEAD, through the SDK: writes, copies, multiparts, deletes, lists. One function per
// request, each repeated while the store fails in passing. Loaded only where the storage is S3.

import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  type _Object as ListedObject,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type MultipartUpload,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { Clock } from '../clock.ts'
import { StorageError } from './driver.ts'
import type { S3Settings } from './open.ts'
import { type RetryOptions, retry, S3Failure } from './s3-errors.ts'
import { encodePath } from './s3-signing.ts'
import { Slots } from './slots.ts'

/**
 * Requests under way per process. The others wait here and not for a socket: the SDK counts that against the
 * time to connect.
 */
const maxRequests = 64

const connectMs = 5000
const stallMs = 60_000

/** DeleteObjects takes no more. */
export const maxDeleteKeys = 1000

export interface UploadedPart {
  readonly number: number
  readonly etag: string
}

type Send = Omit<RetryOptions, 'clock'>

export class S3Api {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #slots = new Slots(maxRequests)

  constructor(settings: S3Settings, clock: Pick<Clock, 'setTimer'>) {
    this.#bucket = settings.bucket
    this.#clock = clock
    const { accessKeyId, secretAccessKey, endpoint, region, pathStyle } = settings
    this.#client = new S3Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      forcePathStyle: pathStyle,
      credentials: { accessKeyId, secretAccessKey },
      // Many S3-compatible stores refuse the checksums that the SDK adds on its own.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      // `retry` is ours: it knows which failures are settled by looking.
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: connectMs,
        socketTimeout: stallMs,
        httpAgent: { keepAlive: true, maxSockets: maxRequests },
        httpsAgent: { keepAlive: true, maxSockets: maxRequests },
      },
    })
    this.#addContentMd5()
  }

  /** Some stores know only Content-MD5 as the checksum that a batch of deletes must carry. */
  #addContentMd5(): void {
    this.#client.middlewareStack.add(
      (next, context) => (args) => {
        const request = args.request as { body?: unknown; headers?: Record<string, string> }
        if (context.commandName === 'DeleteObjectsCommand' && typeof request.body === 'string') {
          request.headers ??= {}
          request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64')
        }
        return next(args)
      },
      { step: 'build', name: 'contentMd5' },
    )
  }

  async #send<T>(
    work: (options: { abortSignal: AbortSignal }) => Promise<T>,
    send: Send,
  ): Promise<T | undefined> {
    const { signal } = send
    const attempt = () => this.#slots.run(() => work({ abortSignal: signal }), signal)
    return retry(attempt, { ...send, clock: this.#clock })
  }

  async putObject(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const input = { Bucket: this.#bucket, Key: name, Body: bytes, ContentLength: bytes.byteLength }
    await this.#send((options) => this.#client.send(new PutObjectCommand(input), options), {
      signal,
    })
  }

  /** Like `putObject`, out of something that can be read again for each attempt. */
  async putStream(
    name: string,
    source: { readonly sizeBytes: number; stream(): Readable },
    signal: AbortSignal,
  ): Promise<void> {
    await this.#send(
      (options) => {
        const input = {
          Bucket: this.#bucket,
          Key: name,
          Body: source.stream(),
          ContentLength: source.sizeBytes,
        }
        return this.#client.send(new PutObjectCommand(input), options)
      },
      { signal },
    )
  }

  async copyObject(from: string, to: string, send: Send): Promise<void> {
    const input = { Bucket: this.#bucket, Key: to, CopySource: this.#source(from) }
    await this.#send((options) => this.#client.send(new CopyObjectCommand(input), options), send)
  }

  async createMultipart(name: string, signal: AbortSignal): Promise<string> {
    const input = { Bucket: this.#bucket, Key: name, ContentType: 'application/octet-stream' }
    const reply = await this.#send(
      (options) => this.#client.send(new CreateMultipartUploadCommand(input), options),
      { signal },
    )
    return required(reply?.UploadId, 'UploadId')
  }

  async uploadPart(
    upload: { readonly name: string; readonly uploadId: string; readonly number: number },
    source: { readonly sizeBytes: number; stream(): Readable },
    signal: AbortSignal,
  ): Promise<UploadedPart> {
    const reply = await this.#send(
      (options) => {
        const input = {
          Bucket: this.#bucket,
          Key: upload.name,
          UploadId: upload.uploadId,
          PartNumber: upload.number,
          Body: source.stream(),
          ContentLength: source.sizeBytes,
        }
        return this.#client.send(new UploadPartCommand(input), options)
      },
      { signal },
    )
    return { number: upload.number, etag: required(reply?.ETag, 'ETag') }
  }

  /** Undefined: `settled` found that nothing is left to do. */
  async copyPart(
    upload: { readonly name: string; readonly uploadId: string; readonly number: number },
    from: string,
    send: Send,
  ): Promise<UploadedPart | undefined> {
    const input = {
      Bucket: this.#bucket,
      Key: upload.name,
      UploadId: upload.uploadId,
      PartNumber: upload.number,
      CopySource: this.#source(from),
    }
    const reply = await this.#send(
      (options) => this.#client.send(new UploadPartCopyCommand(input), options),
      send,
    )
    if (!reply) return undefined
    return { number: upload.number, etag: required(reply.CopyPartResult?.ETag, 'ETag') }
  }

  async completeMultipart(
    upload: { readonly name: string; readonly uploadId: string },
    parts: readonly UploadedPart[],
    send: Send,
  ): Promise<void> {
    const input = {
      Bucket: this.#bucket,
      Key: upload.name,
      UploadId: upload.uploadId,
      MultipartUpload: {
        Parts: parts.map((part) => ({ PartNumber: part.number, ETag: part.etag })),
      },
    }
    await this.#send(
      (options) => this.#client.send(new CompleteMultipartUploadCommand(input), options),
      send,
    )
  }

  async abortMultipart(
    upload: { readonly name: string; readonly uploadId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const input = { Bucket: this.#bucket, Key: upload.name, UploadId: upload.uploadId }
    try {
      await this.#send(
        (options) => this.#client.send(new AbortMultipartUploadCommand(input), options),
        { signal },
      )
    } catch (error) {
      if (!(error instanceof StorageError && error.fault === 'missing')) throw error
    }
  }

  /** What the store says of each name that it did not delete; undefined where it is gone. */
  async deleteObjects(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, S3Failure | undefined>> {
    const input = {
      Bucket: this.#bucket,
      Delete: { Objects: names.map((Key) => ({ Key })), Quiet: false },
    }
    const reply = await this.#send(
      (options) => this.#client.send(new DeleteObjectsCommand(input), options),
      { signal },
    )
    const results = new Map<string, S3Failure | undefined>()
    for (const { Key } of reply?.Deleted ?? []) if (Key !== undefined) results.set(Key, undefined)
    for (const { Key, Code } of reply?.Errors ?? []) {
      if (Key === undefined) continue
      const failure = new S3Failure(Code ?? 'unknown', 200)
      results.set(Key, failure.fault === 'missing' ? undefined : failure)
    }
    return results
  }

  async listObjects(
    wanted: { readonly prefix: string; readonly after: string | undefined; readonly limit: number },
    signal: AbortSignal,
  ): Promise<{ readonly objects: readonly ListedObject[]; readonly more: boolean }> {
    const input = {
      Bucket: this.#bucket,
      Prefix: wanted.prefix,
      MaxKeys: wanted.limit,
      ...(wanted.after === undefined ? {} : { StartAfter: wanted.after }),
    }
    const reply = await this.#send(
      (options) => this.#client.send(new ListObjectsV2Command(input), options),
      { signal },
    )
    return { objects: reply?.Contents ?? [], more: reply?.IsTruncated ?? false }
  }

  async listMultiparts(
    prefix: string,
    after: { readonly key: string; readonly uploadId: string } | undefined,
    signal: AbortSignal,
  ): Promise<{
    readonly uploads: readonly MultipartUpload[]
    readonly next: { readonly key: string; readonly uploadId: string } | undefined
  }> {
    const input = {
      Bucket: this.#bucket,
      Prefix: prefix,
      ...(after ? { KeyMarker: after.key, UploadIdMarker: after.uploadId } : {}),
    }
    const reply = await this.#send(
      (options) => this.#client.send(new ListMultipartUploadsCommand(input), options),
      { signal },
    )
    const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = reply ?? {}
    const next =
      IsTruncated && NextKeyMarker
        ? { key: NextKeyMarker, uploadId: NextUploadIdMarker ?? '' }
        : undefined
    return { uploads: Uploads, next }
  }

  close(): void {
    this.#client.destroy()
  }

  #source(name: string): string {
    return encodePath(`${this.#bucket}/${name}`)
  }
}

function required(value: string | undefined, name: string): string {
  if (value) return value
  throw new StorageError('unavailable', `the object storage answered without ${name}`)
}
