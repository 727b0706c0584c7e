// Colours of Helm's templates: YAML line by line, with actions of Go's text/template between it. A parser of YAML
// loses its way at the first `{{`.

import { StreamLanguage } from '@codemirror/language'

interface State {
  isInAction: boolean
  isInComment: boolean
}

const words =
  /^(?:if|else|end|range|with|define|block|template|include|and|or|not|eq|ne|lt|le|gt|ge)\b/

export const helmTemplate = StreamLanguage.define<State>({
  name: 'helm-template',
  startState: () => ({ isInAction: false, isInComment: false }),
  token(stream, state) {
    if (state.isInComment) {
      if (stream.match(/^.*?\*\//)) state.isInComment = false
      else stream.skipToEnd()
      return 'comment'
    }
    if (state.isInAction) return actionToken(stream, state)
    if (stream.match(/^\{\{-?/)) {
      state.isInAction = true
      return 'keyword'
    }
    if (stream.match(/^#.*/)) return 'comment'
    if (stream.match(/^[\w./-]+(?=:(?:\s|$))/)) return 'propertyName'
    if (stream.match(/^(?:"(?:[^"\\{]|\\.)*"|'[^'{]*')/)) return 'string'
    if (stream.match(/^(?:true|false|null|\d+(?:\.\d+)?)(?=\s*$)/)) return 'number'
    if (!stream.match(/^[\w.-]+|^\s+/)) stream.next()
    return null
  },
})

type Stream = Parameters<Parameters<typeof StreamLanguage.define<State>>[0]['token']>[0]

function actionToken(stream: Stream, state: State): string | null {
  if (stream.match(/^-?\}\}/)) {
    state.isInAction = false
    return 'keyword'
  }
  if (stream.match('/*')) {
    state.isInComment = true
    return 'comment'
  }
  if (stream.match(/^(?:"(?:[^"\\]|\\.)*"|`[^`]*`)/)) return 'string'
  if (stream.match(words)) return 'keyword'
  if (stream.match(/^[.$][\w.]*/)) return 'propertyName'
  if (stream.match(/^\d+/)) return 'number'
  if (!stream.match(/^\w+|^\s+/)) stream.next()
  return null
}
