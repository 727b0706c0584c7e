import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { describeDriver } from './driver-contract.ts'
import { openFolder } from './folder.ts'

describeDriver('folder', async () => {
  const path = await mkdtemp(join(tmpdir(), 'entrepot-folder-'))
  const budget = new BufferBudget()
  const driver = await openFolder(path, { budget, clock: systemClock() })
  return {
    driver,
    budget,
    leftovers: () => readdir(join(path, 'unfinished')),
    async close() {
      await driver.close()
      await rm(path, { recursive: true })
    },
  }
})
