// The policy simulator as a page of its own: what somebody may do as things are.

import { useRights } from '../../patterns/rights.ts'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { SimulatorPanel } from './simulator-panel.tsx'
import './policies.css'

export function SimulatorPage() {
  const { t } = useWords()
  useTitle(t('policies.simulator'))
  const { may, isKnown } = useRights([['cam:SimulatePolicy']])
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('policies.simulator')}</h1>
        <p className="page-about">{t('policies.simulatorAbout')}</p>
      </header>
      {isKnown && !may('cam:SimulatePolicy') ? (
        <Empty title={t('policies.noSimulation')}>{t('policies.noSimulationAbout')}</Empty>
      ) : (
        <div className="policy-alone">
          <SimulatorPanel />
        </div>
      )}
    </>
  )
}
