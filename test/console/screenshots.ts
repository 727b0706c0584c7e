// `npm run console-screenshots`: a picture of every page, in both languages, with the data of a company, for people to
// look at. Arguments are parts of addresses: then only those. The pictures are in test/console/screenshots/.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pagesOf } from './pages.ts'
import { seed } from './seeds.ts'
import { type ContextOptions, openStage, type Stage } from './stage.ts'
import { watch } from './watch.ts'

const folder = join(import.meta.dirname, 'screenshots')
const looks: readonly Required<ContextOptions>[] = [
  { language: 'en', theme: 'light', width: 1280 },
  { language: 'zh', theme: 'light', width: 1280 },
  { language: 'en', theme: 'dark', width: 1280 },
  { language: 'zh', theme: 'dark', width: 390 },
]

const stage = await openStage('SQLite')
try {
  const seeds = await seed(stage)
  await mkdir(folder, { recursive: true })
  const wanted = process.argv.slice(2)
  const all = pagesOf(stage, seeds).map(({ path }) => path)
  const paths = all.filter(
    (path) => wanted.length === 0 || wanted.some((part) => path.includes(part)),
  )
  for (const look of looks) await takeAll(stage, paths, look)
} finally {
  await stage.close()
}

async function takeAll(
  on: Stage,
  paths: readonly string[],
  look: Required<ContextOptions>,
): Promise<void> {
  const { language, theme, width } = look
  const suffix = `${language}-${theme}-${width}.png`
  const context = await on.newContext(look)
  const visitor = await context.newPage()
  await visitor.goto(on.at('/login'))
  await visitor.getByRole('heading').first().waitFor()
  await visitor.screenshot({ path: join(folder, `login-${suffix}`) })
  await visitor.close()
  const page = await on.logIn({ ...look, context })
  const watched = watch(page)
  for (const path of paths) {
    await page.goto(on.at(path))
    await watched.settled()
    const name = nameOf(path.replaceAll(on.instance, ''))
    await page.screenshot({ path: join(folder, `${name}-${suffix}`), fullPage: true })
    console.log(`${name}-${suffix}`)
  }
  await context.close()
}

/** `/access/users/100000100001/basic` is `access-users-basic`. */
function nameOf(path: string): string {
  const words = path
    .split(/[^A-Za-z0-9.]+/)
    .filter((word) => word !== '' && !/\d{5,}|^[0-9a-f]{64}$|^sha256$|^[0-9a-v]{20}$/.test(word))
  return words.length === 0 ? 'overview' : words.join('-')
}
