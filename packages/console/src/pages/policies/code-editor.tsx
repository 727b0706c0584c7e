// JSON with line numbers, colours, marks at mistakes and the names of actions offered. It lives in a shadow root: there
// the editor brings its style as a style sheet object, which a Content-Security-Policy without inline style allows.

import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { permissions } from '../../api/permissions.ts'

export interface CodeMark {
  readonly from: number
  readonly to: number
  readonly isError: boolean
  readonly text: string
}

interface CodeEditorProps {
  readonly text: string
  readonly label: string
  readonly marks: readonly CodeMark[]
  /** Goes there when it changes. */
  readonly goTo: { readonly from: number; readonly to: number } | undefined
  onText(text: string): void
}

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--link)' },
    { tag: tags.string, color: 'var(--good)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn)' },
  ]),
)

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--focus)' },
  '.cm-content': { fontFamily: 'var(--mono)', minHeight: '320px', caretColor: 'var(--text)' },
  '.cm-scroller': { maxHeight: '70vh', overflow: 'auto', lineHeight: '20px' },
  '.cm-gutters': {
    color: 'var(--text-quiet)',
    backgroundColor: 'var(--surface)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--td-bg-color-container-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'var(--tint)' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--text)',
    background: 'var(--tint)',
  },
})

/** Inside a text that begins like an action. */
function offerActions(context: CompletionContext) {
  const before = context.matchBefore(/"[a-z]+:?\w*/i)
  if (!before) return null
  return {
    from: before.from + 1,
    options: permissions.map(({ name }) => ({ label: name, type: 'constant' })),
    validFor: /^[a-z]+:?\w*$/i,
  }
}

export default function CodeEditor({ text, label, marks, goTo, onText }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const latest = useRef({ onText, text })
  latest.current = { onText, text }
  // What was told and has not come back yet: a late one must not undo what was typed since.
  const told = useRef<string[]>([])

  useEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          json(),
          colours,
          look,
          autocompletion({ override: [offerActions] }),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return
            const next = update.state.doc.toString()
            told.current.push(next)
            latest.current.onText(next)
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [label])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const ours = told.current.lastIndexOf(text)
    if (ours !== -1) told.current.splice(0, ours + 1)
    if (ours !== -1 || editor.state.doc.toString() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const most = editor.state.doc.length
    const shown = marks.map(({ from, to, isError, text: message }) => ({
      from: Math.min(from, most),
      to: Math.min(to, most),
      severity: isError ? ('error' as const) : ('warning' as const),
      message,
    }))
    editor.dispatch(setDiagnostics(editor.state, shown))
  }, [marks])

  useEffect(() => {
    const editor = view.current
    if (!editor || !goTo) return
    const most = editor.state.doc.length
    const from = Math.min(goTo.from, most)
    editor.dispatch({
      selection: { anchor: from, head: Math.min(goTo.to, most) },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    })
    editor.focus()
  }, [goTo])

  return <div ref={host} className="policy-code" />
}
