// The editor with the simulator beside it, which tries what is being written.

import { useState } from 'react'
import { useRights } from '../../patterns/rights.ts'
import type { Problem } from './check-document.ts'
import { readDocument, writeDocument } from './document.ts'
import { PolicyEditor } from './policy-editor.tsx'
import type { Marked } from './simulation.ts'
import { SimulatorPanel } from './simulator-panel.tsx'

interface EditorWithSimulatorProps {
  readonly text: string
  readonly problems: readonly Problem[]
  /** That it is a draft of. */
  readonly policyId?: number
  onText(text: string): void
}

export function EditorWithSimulator(props: EditorWithSimulatorProps) {
  const { text, problems, policyId, onText } = props
  const { may } = useRights([['cam:SimulatePolicy']])
  const [marked, setMarked] = useState<Marked>()
  return (
    <div className="policy-beside">
      <div>
        <PolicyEditor text={text} problems={problems} marked={marked} onText={onText} />
      </div>
      {may('cam:SimulatePolicy') && (
        <div className="policy-side">
          <SimulatorPanel
            draft={{ document: text, policyId }}
            isWrong={problems.some(({ isError }) => isError)}
            onMarked={setMarked}
            onAdd={(statement) => {
              // A blank statement, which a new policy begins with, gives way to it.
              const kept = (readDocument(text) ?? []).filter(({ actions }) => actions.length > 0)
              onText(writeDocument([...kept, statement]))
            }}
          />
        </div>
      )}
    </div>
  )
}
