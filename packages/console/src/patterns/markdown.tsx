// Markdown of users and of the docs: no markup of theirs reaches the page, links go only where links may go. Loaded
// with the first page that shows some.

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import Renderer, { type Components } from 'react-markdown'
import gfm from 'remark-gfm'
import './markdown.css'

interface MarkdownProps {
  readonly text: string
  /** Of links to other pages of the docs: the page's address. Undefined: such links are plain text. */
  docsLink?(page: string): string
  /** It is a part of a page: its headings stand below those of the page. */
  readonly isInner?: boolean
}

export default function Markdown({ text, docsLink, isInner = false }: MarkdownProps) {
  const components: Components = {
    ...(isInner && innerHeadings),
    a: ({ href, children }) => <Anchor href={href} content={children} docsLink={docsLink} />,
    // Nothing is fetched from other hosts: who wrote the text would see who reads it.
    img: ({ alt }) => <span className="quiet">[{alt}]</span>,
    table: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys
      <div className="markdown-table" tabIndex={0}>
        <table>{children}</table>
      </div>
    ),
    // A corner that heads nothing.
    th: ({ children, style }) =>
      children === undefined ? <td /> : <th style={style}>{children}</th>,
    pre: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
      <pre tabIndex={0}>{children}</pre>
    ),
  }
  return (
    <div className="markdown">
      <Renderer remarkPlugins={[gfm]} components={components} skipHtml>
        {text}
      </Renderer>
    </div>
  )
}

function InnerHeading({ children }: { readonly children?: ReactNode }) {
  return <h3>{children}</h3>
}

const innerHeadings: Components = {
  h1: InnerHeading,
  h2: InnerHeading,
  h3: InnerHeading,
  h4: InnerHeading,
  h5: InnerHeading,
  h6: InnerHeading,
}

interface AnchorProps {
  readonly href: string | undefined
  readonly content: ReactNode
  readonly docsLink: MarkdownProps['docsLink']
}

function Anchor({ href = '', content, docsLink }: AnchorProps) {
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) {
    return (
      <a href={href} rel="noopener noreferrer" target="_blank">
        {content}
      </a>
    )
  }
  const page = /^(?:\.\/)?([\w.-]+)\.md(?:#.*)?$/.exec(href)?.[1]
  if (page === undefined || !docsLink) return <span>{content}</span>
  return <Link to={docsLink(page)}>{content}</Link>
}
