// The layers of an image as a drawn stack. One stop of Tab; arrows go from step to step, and the one that is chosen is
// told in full beside it.

import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { Facts } from '../../patterns/detail.tsx'
import { formatBytes, formatPercent, type Locale } from '../../patterns/format.ts'
import { Bytes, CopyButton, Digest, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Manifest } from './image.tsx'
import { readCommand } from './layer-command.ts'
import { type Drawing, drawStack } from './layer-stack.ts'

export type Step = Manifest['Layers'][number]

export function Layers({ steps }: { readonly steps: readonly Step[] }) {
  const { t, locale } = useWords()
  const drawn = drawStack(steps)
  const [chosen, setChosen] = useState(0)
  const at = Math.min(chosen, drawn.length - 1)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const current = drawn[at]
  if (!current) return <Empty title={t('images.noLayers')} />
  function choose(index: number): void {
    setChosen(index)
    list.current?.querySelector(`[data-step="${index}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(drawn.length - 1, at + 1),
      ArrowUp: Math.max(0, at - 1),
      Home: 0,
      End: drawn.length - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    choose(to)
  }
  const total = steps.reduce((sum, { Size }) => sum + Size, 0)
  return (
    <div className="layers">
      <div>
        <p className="quiet">
          {t('images.layersAbout', {
            n: drawn.filter(({ number }) => number !== undefined).length,
            size: formatBytes(total, locale),
          })}
        </p>
        <div
          ref={list}
          role="listbox"
          aria-label={t('images.tabLayers')}
          tabIndex={0}
          aria-activedescendant={`${id}-${at}`}
          className="layer-stack"
          onKeyDown={onKeyDown}
        >
          {drawn.map((drawing, index) => (
            <LayerLine
              // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name, and are drawn whole
              key={index}
              id={`${id}-${index}`}
              index={index}
              drawing={drawing}
              isChosen={index === at}
              choose={() => choose(index)}
            />
          ))}
        </div>
      </div>
      <LayerDetails drawing={current} />
    </div>
  )
}

const onePercent = 0.01

/** What is there isn't nothing. */
function shownShare(share: number, locale: Locale): string {
  if (share > 0 && share < onePercent) return `<${formatPercent(onePercent, locale)}`
  return formatPercent(share, locale)
}

interface LayerLineProps {
  readonly id: string
  readonly index: number
  readonly drawing: Drawing<Step>
  readonly isChosen: boolean
  choose(): void
}

function LayerLine({ id, index, drawing, isChosen, choose }: LayerLineProps) {
  const { t, locale } = useWords()
  const { step, number, share, heightPx } = drawing
  const { text } = readCommand(step.CreatedBy)
  const isEmpty = number === undefined
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the listbox's
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      data-step={index}
      className={`layer ${isEmpty ? 'layer-empty' : ''}`}
      style={{ minHeight: heightPx }}
      onClick={choose}
    >
      <span className="layer-box" aria-hidden="true">
        {number}
      </span>
      <span className="layer-size">
        {isEmpty ? t('images.emptyLayer') : formatBytes(step.Size, locale)}
      </span>
      <span className="layer-share">{isEmpty ? '' : shownShare(share, locale)}</span>
      <bdi className="layer-command">{text === '' ? t('images.commandUnknown') : text}</bdi>
      {!isEmpty && step.SharedRepositoryCount > 0 && (
        <span className="layer-shared">
          {t('images.sharedShort', { n: step.SharedRepositoryCount })}
        </span>
      )}
    </div>
  )
}

function LayerDetails({ drawing }: { readonly drawing: Drawing<Step> }) {
  const { t, locale } = useWords()
  const { step, number, share } = drawing
  const { text } = readCommand(step.CreatedBy)
  return (
    <section className="layer-details" aria-live="polite" aria-label={t('images.chosenLayer')}>
      <h3>
        {number === undefined ? t('images.emptyStep') : t('images.layerNumber', { n: number })}
      </h3>
      {text !== '' && (
        <div className="command layer-whole">
          <code>{text}</code>
          <CopyButton text={text} what={t('images.command')} />
        </div>
      )}
      <Facts
        facts={[
          step.Digest === null
            ? undefined
            : { label: t('patterns.digest'), value: <Digest value={step.Digest} /> },
          step.Digest === null
            ? undefined
            : {
                label: t('images.size'),
                value: (
                  <>
                    <Bytes value={step.Size} /> · {shownShare(share, locale)}
                  </>
                ),
              },
          step.MediaType === null
            ? undefined
            : { label: t('images.mediaType'), value: <FreeText text={step.MediaType} /> },
          step.CreateTime === null
            ? undefined
            : { label: t('images.created'), value: <Time at={step.CreateTime} /> },
          step.Comment === null
            ? undefined
            : { label: t('images.comment'), value: <FreeText text={step.Comment} /> },
          step.Digest === null
            ? undefined
            : {
                label: t('images.sharedWith'),
                value:
                  step.SharedRepositoryCount === 0
                    ? t('images.sharedWithNone')
                    : t('images.shared', { n: step.SharedRepositoryCount }),
              },
        ]}
      />
    </section>
  )
}
