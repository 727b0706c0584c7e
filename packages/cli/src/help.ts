// Help in both languages; that of actions is made of their declarations.

import { hasPages } from '@entrepot/client/pages.ts'
import type { Action, Product } from '@entrepot/contract/action.ts'
import { defaultWords, limitWords, rateWords } from '@entrepot/contract/docs/words.ts'
import type { Doc, Field, Fields } from '@entrepot/contract/fields.ts'
import { exitCodes } from './failures.ts'
import { actionsOfProduct, products, toKebab } from './names.ts'
import { isOption, optionOf, options } from './options.ts'
import type { CommandContext } from './program.ts'
import { placeholderOf } from './request.ts'
import { padEnd, type Style, styleOf, widthOf } from './screen.ts'

/** Of a command: how it is written, and what it does. */
interface CommandWords {
  readonly usage: readonly string[]
  readonly doc: Doc
}

const commandWords: Readonly<Record<string, CommandWords>> = {
  configure: {
    usage: [
      'entrepot configure [--profile NAME]',
      'entrepot configure set NAME VALUE|-',
      'entrepot configure get NAME',
      'entrepot configure list',
      'entrepot configure default PROFILE',
      'entrepot configure remove PROFILE',
    ],
    doc: {
      en: 'Keeps endpoint, secret-id, secret-key, session-token, region, language and output under a name.',
      zh: '保存 endpoint、secret-id、secret-key、session-token、region、language、output。',
    },
  },
  login: {
    usage: ['entrepot login docker [HOST] [--registry-id ID] [--once]'],
    doc: {
      en: 'Lets Docker ask us for temporary credentials; --once: logs in for an hour.',
      zh: '让 Docker 自动获取临时访问凭证；--once 只登录一小时。',
    },
  },
  image: {
    usage: ['entrepot image copy SOURCE TARGET', 'entrepot image ls-tags HOST/REPOSITORY'],
    doc: {
      en: 'Copies an image, or an index with all below it, between registries; lists tags.',
      zh: '在镜像仓库之间复制镜像（含多架构索引），列出标签。',
    },
  },
  wait: {
    usage: [
      'entrepot wait instance ID [STATE|gone]',
      'entrepot wait job ID',
      'entrepot wait storage-move REGISTRY-ID',
    ],
    doc: {
      en: 'Waits until an instance is in a state (Running), a job is over, bytes are moved.',
      zh: '等待实例到达某状态（默认 Running）、任务结束或存储搬迁完成。',
    },
  },
  completion: {
    usage: ['entrepot completion bash|zsh|fish'],
    doc: { en: 'Prints what makes a shell complete our words.', zh: '输出 shell 补全脚本。' },
  },
  help: {
    usage: ['entrepot help [COMMAND|PRODUCT [ACTION]]'],
    doc: { en: 'Explains a command, a product or an action.', zh: '显示命令、产品或接口的帮助。' },
  },
  version: {
    usage: ['entrepot version'],
    doc: { en: 'Shows the version.', zh: '显示版本。' },
  },
}

const productWords: Readonly<Record<Product, Doc>> = {
  tcr: { en: 'registry: instances, namespaces, images …', zh: '镜像服务：实例、命名空间、镜像等' },
  cam: { en: 'people, groups, roles, policies', zh: '访问管理：用户、组、角色、策略' },
  sts: { en: 'temporary keys', zh: '临时密钥' },
  tag: { en: 'cloud tags', zh: '云标签' },
  cloudaudit: { en: 'who did what', zh: '操作审计' },
  kms: { en: 'keys that sign', zh: '密钥管理' },
  ssl: { en: 'certificates', zh: '证书' },
  vpc: { en: 'private networks', zh: '私有网络' },
  entrepot: { en: "what Tencent's API lacks", zh: '腾讯云接口之外的功能' },
}

const serverWords: readonly (readonly [string, Doc])[] = [
  ['serve', { en: 'starts the registry', zh: '启动服务' }],
  ['doctor', { en: 'checks an installation', zh: '检查安装' }],
  ['verify', { en: 'compares every blob with its digest', zh: '校验全部层' }],
]

type Writer = Pick<CommandContext, 'terminal' | 'given' | 'say'>

function styleFor({ terminal, given }: Writer): Style {
  return styleOf(terminal, terminal.isOutputTerminal, given.has('no-color'))
}

export function overview(writer: Writer): string {
  const { say } = writer
  const style = styleFor(writer)
  const head = (en: string, zh: string) => style.bold(say({ en, zh }))
  const commands = Object.entries(commandWords).map(([name, { doc }]) => [name, say(doc)] as const)
  const all = products.map((name) => [name, say(productWords[name])] as const)
  const codes = Object.values(exitCodes).map(
    ({ code, words }) => [String(code), say(words)] as const,
  )
  return lines([
    `${head('Usage', '用法')}: entrepot <product> <Action> [--Field value …]`,
    `${head('Usage', '用法')}: entrepot <command>`,
    '',
    head('Commands', '命令'),
    ...columns(commands),
    '',
    head('Products', '产品'),
    ...columns(all),
    '',
    head('On the machine of the server', '在服务器上'),
    ...columns(serverWords.map(([name, doc]) => [name, say(doc)])),
    '',
    head('Options', '选项'),
    ...optionLines(say),
    '',
    head('Exit codes', '退出码'),
    ...columns(codes),
  ])
}

export function commandHelp(writer: Writer, name: string): string | undefined {
  const [, server] = serverWords.find(([known]) => known === name) ?? []
  if (server) return lines([`entrepot ${name} [--help]`, '', writer.say(server)])
  const words = Object.hasOwn(commandWords, name) ? commandWords[name] : undefined
  if (!words) return undefined
  return lines([...words.usage, '', writer.say(words.doc)])
}

export function productHelp(writer: Writer, product: Product): string {
  const { say } = writer
  const style = styleFor(writer)
  const actions = actionsOfProduct(product)
  return lines([
    `entrepot ${product} <Action> [--Field value …]`,
    say(productWords[product]),
    '',
    style.bold(say({ en: 'Actions', zh: '接口' })),
    ...columns(actions.map(({ name, doc }) => [name, say(doc)])),
  ])
}

export function actionHelp(writer: Writer, action: Action): string {
  const { say } = writer
  const style = styleFor(writer)
  const { product, name, doc, permission } = action
  const fields = Object.entries(action.input)
  const notes = [
    say({ en: `Permission: ${permission}`, zh: `权限：${permission}` }),
    say(rateWords(action.ratePerSecond)),
    ...(hasPages(action) ? [say({ en: '--all: every page', zh: '--all 获取全部分页' })] : []),
  ]
  return lines([
    `entrepot ${product} ${name}${fields.length > 0 ? ' [--Field value …]' : ''}`,
    say(doc),
    '',
    ...notes,
    ...(fields.length > 0 ? ['', style.bold(say({ en: 'Flags', zh: '参数' }))] : []),
    ...fieldLines(action.input, '', say).flatMap(({ flag, words }) => [
      `  ${style.bold(flag)}`,
      `      ${words}`,
    ]),
  ])
}

interface FieldLine {
  readonly flag: string
  readonly words: string
}

function fieldLines(
  fields: Fields,
  above: string,
  say: (doc: Doc) => string,
): readonly FieldLine[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${above}${name}`
    const own = { flag: flagWords(path, field), words: fieldWords(field, say) }
    if (field.kind === 'object') {
      return [own, ...fieldLines(field.structure.fields, `${path}.`, say)]
    }
    if (field.kind === 'list' && field.item.kind === 'object') {
      return [own, ...fieldLines(field.item.structure.fields, `${path}.N.`, say)]
    }
    return [own]
  })
}

/** Both forms of the name, where both mean this field. */
function flagWords(path: string, field: Field): string {
  const kebab = path
    .split('.')
    .map((step) => (step === 'N' ? step : toKebab(step)))
    .join('.')
  const names = isOption(kebab) || path.includes('.') ? `--${path}` : `--${path}, --${kebab}`
  return `${names} ${placeholderOf(field)}`
}

function fieldWords(field: Field, say: (doc: Doc) => string): string {
  const facts = [
    ...(field.presence === 'required' ? [say({ en: 'required', zh: '必填' })] : []),
    ...limitWords(field).map(say),
    ...(field.presence === 'defaulted' ? [say(defaultWords(field.fallback))] : []),
  ]
  if (facts.length === 0) return say(field.doc)
  const [en, zh] = [facts.join('; '), facts.join('；')]
  return `${say(field.doc)}${say({ en: ` (${en})`, zh: `（${zh}）` })}`
}

function optionLines(say: (doc: Doc) => string): readonly string[] {
  return columns(
    Object.keys(options).map((name) => {
      const option = optionOf(name)
      return [`--${name}${option?.value ? ` ${option.value}` : ''}`, option ? say(option.doc) : '']
    }),
  )
}

/** A longer first cell pushes only its own line. */
const maxFirstWidth = 32

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.min(maxFirstWidth, Math.max(...rows.map(([first]) => widthOf(first))))
  return rows.map(([first, second]) => `  ${padEnd(first, width)}  ${second}`)
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
