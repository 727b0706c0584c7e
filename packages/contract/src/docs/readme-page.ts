// How a call is made, and which products there are: the first page of docs/api.

import { type Action, productVersions } from '../action.ts'
import { maxListItems, maxTextChars } from '../fields.ts'
import { type Language, pageName, table } from './markdown.ts'
import { words } from './words.ts'

export function renderReadmePage(actions: readonly Action[], language: Language): string {
  const products = Object.entries(productVersions).flatMap(([product, version]) => {
    const count = actions.filter((action) => action.product === product).length
    return count === 0
      ? []
      : [[`[${product}](${pageName(product, language)})`, version, `${count}`]]
  })
  const { title, head, paragraphs } = pages[language]
  const errors = pageName('errors', language)
  const blocks = [
    `# ${title}`,
    words.warning[language],
    ...paragraphs(errors),
    table(head, products).join('\n'),
  ]
  return `${blocks.join('\n\n')}\n`
}

interface Page {
  readonly title: string
  readonly head: readonly string[]
  paragraphs(errors: string): readonly string[]
}

const example = [
  '```http',
  'POST / HTTP/1.1',
  'Content-Type: application/json; charset=utf-8',
  'X-TC-Action: DescribeNamespaces',
  'X-TC-Version: 2019-09-24',
  'X-TC-Region: ap-guangzhou',
  'X-TC-Timestamp: 1700000000',
  'Authorization: TC3-HMAC-SHA256 Credential=…, SignedHeaders=content-type;host, Signature=…',
  '',
  '{"RegistryId":"tcr-0a1b2c3d"}',
  '```',
].join('\n')

const pages: Readonly<Record<Language, Page>> = {
  en: {
    title: 'The management API',
    head: ['Product', 'Version', 'Actions'],
    paragraphs: (errors) => [
      'Every action is `POST /` on any host of the registry, in the form of the Tencent Cloud API 3.0: its name and ' +
        'version are headers, the request is JSON, and the signature is TC3-HMAC-SHA256. So the official SDKs work ' +
        'with nothing changed but the endpoint. Signatures of the first kind (HmacSHA1, HmacSHA256) are understood ' +
        'too, with GET and with forms.',
      example,
      'The answer is always 200 with `{"Response": {…, "RequestId": "…"}}`; a failure has ' +
        '`{"Error": {"Code": "…", "Message": "…"}}` there, in the language of `X-TC-Language` (`zh-CN`, `en-US`). ' +
        `The codes: [errors](${errors}).`,
      `A field that an action does not declare is refused. A text has at most ${maxTextChars} characters and a list ` +
        `at most ${maxListItems} items, unless its table says otherwise; whole numbers are not negative. ` +
        'The permission of an action is what a policy must allow; a name in braces there is a field of the request, ' +
        '`*` where it is left out, and a list stands for a resource for each of its items. Calls a second are counted ' +
        'for each action and account; beyond them the answer is `RequestLimitExceeded`.',
      'For programs: [openapi.json](openapi.json).',
    ],
  },
  zh: {
    title: '管理 API',
    head: ['产品', '版本', '接口数'],
    paragraphs: (errors) => [
      '所有接口都是对任一域名的 `POST /`，采用腾讯云 API 3.0 的形式：接口名和版本放在请求头中，请求体为 JSON，' +
        '签名为 TC3-HMAC-SHA256。官方 SDK 只需更换接入地址即可使用。也支持第一代签名（HmacSHA1、HmacSHA256），' +
        '可用 GET 或表单。',
      example,
      '响应状态码始终为 200，内容为 `{"Response": {…, "RequestId": "…"}}`；失败时其中有 ' +
        '`{"Error": {"Code": "…", "Message": "…"}}`，语言由 `X-TC-Language` 决定（`zh-CN`、`en-US`）。' +
        `错误码见 [errors](${errors})。`,
      `接口未声明的参数会被拒绝。除非表中另有说明，字符串最长 ${maxTextChars} 个字符，列表最多 ${maxListItems} ` +
        '个元素，整数不为负。接口的权限即策略须允许的内容：花括号中是请求参数名，未填写时为 `*`；' +
        '参数为列表时，每个元素对应一个资源。调用频率按接口和账号计算，超出时返回 `RequestLimitExceeded`。',
      '供程序使用：[openapi.json](openapi.json)。',
    ],
  },
}
