import { systemClock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import { describeDriver } from './driver-contract.ts'
import { MemoryDriver } from './memory.ts'

describeDriver('memory', async () => ({
  driver: new MemoryDriver(systemClock()),
  budget: new BufferBudget(),
  leftovers: async () => [],
  close: async () => {},
}))
