// A file of a chart, to be read: line numbers, colours, folding by nobody. In a shadow root, as the editor of policies:
// there its style is a style sheet object, which a Content-Security-Policy without inline style allows.

import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { helmTemplate } from './helm-template.ts'

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--link)' },
    { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
    { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--warn)' },
    { tag: [tags.comment, tags.lineComment], color: 'var(--text-quiet)' },
  ]),
)

const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--focus)' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'transparent' },
  '.cm-scroller': { maxHeight: '70vh', overflow: 'auto', lineHeight: '20px' },
  '.cm-gutters': {
    color: 'var(--text-quiet)',
    backgroundColor: 'var(--surface)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { background: 'var(--tint)' },
})

function languageOf(name: string): Extension {
  if (/^(?:charts\/[^/]+\/)*templates\//.test(name)) return helmTemplate
  if (/\.json$/.test(name)) return json()
  return /\.(?:ya?ml|lock)$/.test(name) ? yaml() : []
}

interface CodeViewProps {
  readonly text: string
  readonly name: string
}

export default function CodeView({ text, name }: CodeViewProps) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          languageOf(name),
          colours,
          look,
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          // Reached by Tab, so that keys scroll it.
          EditorView.contentAttributes.of({
            tabindex: '0',
            'aria-label': name,
            'aria-readonly': 'true',
          }),
        ],
      }),
    })
    return () => view.destroy()
  }, [text, name])
  return <div ref={host} className="chart-code-view" />
}
