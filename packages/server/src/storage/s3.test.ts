import { after, before, describe } from 'node:test'
import { systemClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { describeDriver } from './driver-contract.ts'
import { S3Driver } from './s3.ts'
import { S3Api } from './s3-api.ts'
import { findVersitygw, type S3TestServer, startS3TestServer } from './s3-test-server.ts'

const program = findVersitygw()
const signal = new AbortController().signal

describe('S3', { skip: program ? false : 'versitygw is not installed' }, () => {
  let server: S3TestServer
  let stores = 0
  before(async () => {
    // Only registered where the program exists.
    server = await startS3TestServer(program ?? '')
  })
  after(() => server.close())

  describeDriver('S3', async () => {
    stores += 1
    const settings = server.settings(`store-${stores}/`)
    const budget = new BufferBudget()
    const clock = systemClock()
    const driver = new S3Driver(settings, { budget, clock })
    const api = new S3Api(settings, clock)
    return {
      driver,
      budget,
      async leftovers() {
        const wanted = { prefix: `${settings.prefix}unfinished/`, after: undefined, limit: 10 }
        const { objects } = await api.listObjects(wanted, signal)
        const { uploads } = await api.listMultiparts(settings.prefix, undefined, signal)
        return [...objects, ...uploads].map(({ Key = '' }) => Key)
      },
      async close() {
        api.close()
        await driver.close()
      },
    }
  })
})
