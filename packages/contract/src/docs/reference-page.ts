// The reference page of a product: each action with its request and reply, then the structures they share.

import type { Action } from '../action.ts'
import type { Doc, Field, Fields, Structure } from '../fields.ts'
import { type Language, linkTo, pageName, prose, table } from './markdown.ts'
import { listStructures } from './structures.ts'
import {
  accessWords,
  defaultWords,
  kindWords,
  limitWords,
  listOfWords,
  rateWords,
  typeName,
  words,
} from './words.ts'

/** The actions are those of one product, in the order of its catalogue. */
export function renderReferencePage(actions: readonly Action[], language: Language): string {
  const [first] = actions
  if (first === undefined) throw new Error('a page without actions')
  const say = (doc: Doc) => doc[language]
  const structures = listStructures(actions)
  const blocks = [
    [`# ${first.product} ${first.version}`],
    [say(words.warning)],
    [say(introduction(language))],
    [`## ${say(words.actions)}`],
    table(
      [say(words.action), say(words.meaning)],
      actions.map(({ name, doc }) => [linkTo(name), prose(say(doc))]),
    ),
    ...actions.flatMap((action) => renderAction(action, say)),
    ...(structures.length === 0 ? [] : [[`## ${say(words.structures)}`]]),
    ...structures.flatMap((structure) => renderStructure(structure, say)),
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

type Say = (doc: Doc) => string
type Block = readonly string[]

function introduction(language: Language): Doc {
  const readme = pageName('README', language)
  return {
    en: `How a call is made: [README](${readme}).`,
    zh: `调用方式见 [README](${readme})。`,
  }
}

function renderAction(action: Action, say: Say): readonly Block[] {
  const { name, doc, input, output } = action
  const facts = [kindWords(action.kind), accessWords(action), rateWords(action.ratePerSecond)]
  return [
    [`### ${name}`],
    [prose(say(doc))],
    [`${facts.map(say).join(say({ en: '; ', zh: '；' }))}${say({ en: '.', zh: '。' })}`],
    ...(isEmpty(input) ? [[say(words.noRequest)]] : [requestTable(input, say)]),
    ...(isEmpty(output) ? [[say(words.nothing)]] : [replyTable(output, say)]),
  ]
}

function renderStructure(structure: Structure<Fields>, say: Say): readonly Block[] {
  return [
    [`### ${structure.name}`],
    [prose(say(structure.doc))],
    fieldTable(structure.fields, words.field, say),
  ]
}

function requestTable(fields: Fields, say: Say): Block {
  return fieldTable(fields, words.request, say)
}

function fieldTable(fields: Fields, title: Doc, say: Say): Block {
  return table(
    [title, words.type, words.required, words.description, words.limits].map(say),
    Object.entries(fields).map(([name, field]) => [
      `\`${name}\``,
      typeWords(field, say),
      say(field.presence === 'required' ? words.yes : words.no),
      prose(say(field.doc)),
      limits(field, say),
    ]),
  )
}

function replyTable(fields: Fields, say: Say): Block {
  return table(
    [words.reply, words.type, words.description].map(say),
    Object.entries(fields).map(([name, field]) => [
      `\`${name}\``,
      typeWords(field, say),
      prose(say(field.doc)),
    ]),
  )
}

function typeWords(field: Field, say: Say): string {
  const type = bareType(field, say)
  return field.nullable ? say({ en: `${type} or null`, zh: `${type}，可为 null` }) : type
}

function bareType(field: Field, say: Say): string {
  if (field.kind === 'list') return say(listOfWords(typeWords(field.item, say)))
  if (field.kind === 'object') return linkTo(field.structure.name)
  return say(typeName(field))
}

function limits(field: Field, say: Say): string {
  const all = [
    ...limitWords(field),
    ...(field.presence === 'defaulted' ? [defaultWords(field.fallback)] : []),
  ]
  return prose(all.map(say).join(say({ en: '; ', zh: '；' })))
}

function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0
}
