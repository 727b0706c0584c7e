// What a person waits for in the console: the first load, cold and with a warm cache, and going between lists that were
// visited before. Run it on a machine that does nothing else: `node bench/console.ts`.

import type { Page } from 'playwright-core'
import { seed } from '../test/console/seeds.ts'
import { openStage, type Stage } from '../test/console/stage.ts'
import { watch } from '../test/console/watch.ts'

const rounds = 10
const maxGoingMs = 100

const stage = await openStage('SQLite')
try {
  await seed(stage)
  const context = await stage.newContext()
  const page = await stage.logIn({ context })
  await measureLoads(stage, page)
  await measureGoing(stage, page)
  await context.close()
} finally {
  await stage.close()
}

async function measureLoads({ at, newContext }: Stage, warm: Page): Promise<void> {
  const cold: number[] = []
  const again: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const context = await newContext()
    const page = await context.newPage()
    cold.push(await load(page, at('/login'), 'Log in to Entrepot'))
    await context.close()
    again.push(await load(warm, at('/'), 'Overview'))
  }
  say('first load of the login, nothing cached', cold)
  say('the overview, scripts cached', again)
}

async function load(page: Page, url: string, heading: string): Promise<number> {
  const started = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  return performance.now() - started
}

/** Measured in the page: from the press to the first frame with the other list's rows. */
async function measureGoing({ at, instance }: Stage, page: Page): Promise<void> {
  const lists = ['namespaces', 'repositories'].map((list) => `/r/${instance}/${list}`)
  const watched = watch(page)
  for (const path of lists) {
    await page.goto(at(path))
    await watched.settled()
  }
  const going: number[] = []
  const links = ['Namespaces', 'Image repositories'] as const
  const rows = ['front', 'front/nginx'] as const
  // Both are visited once more in this page before it counts.
  for (let round = 0; round < 2 * rounds + 2; round += 1) {
    const [link = '', row = ''] = [links[round % 2], rows[round % 2]]
    const spent = await page.evaluate<number>(go(link, row))
    if (round >= 2) going.push(spent)
    await watched.settled()
  }
  say(`between visited lists (budget ${maxGoingMs} ms)`, going)
  if (median(going) > maxGoingMs) process.exitCode = 1
}

function go(link: string, row: string): string {
  return `new Promise((done) => {
    const find = (text, inside) => [...document.querySelectorAll(inside)].find((a) => a.textContent === text)
    const started = performance.now()
    find(${JSON.stringify(link)}, 'nav a').click()
    const look = () => {
      if (find(${JSON.stringify(row)}, 'main td a')) requestAnimationFrame(() => done(performance.now() - started))
      else requestAnimationFrame(look)
    }
    look()
  })`
}

function say(what: string, times: readonly number[]): void {
  const worst = Math.max(...times)
  console.log(`${what}: ${median(times).toFixed(0)} ms, at worst ${worst.toFixed(0)} ms`)
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
