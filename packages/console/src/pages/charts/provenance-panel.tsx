// Whether the provenance file is about the package, and whose signature it has.

import { Facts, Panel } from '../../patterns/detail.tsx'
import { CopyButton, FreeText, Status, Time, type Tone } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

import { Code } from './code.tsx'
import type { ChartContent } from './version.tsx'

type Signature = ChartContent['Signature']

interface Shown {
  readonly tone: Tone
  readonly word: WordKey
}

const provenances = {
  none: { tone: 'off', word: 'charts.provenanceNone' },
  matches: { tone: 'good', word: 'charts.provenanceMatches' },
  mismatch: { tone: 'bad', word: 'charts.provenanceMismatch' },
  malformed: { tone: 'bad', word: 'charts.provenanceMalformed' },
} as const satisfies Readonly<Record<ChartContent['ProvenanceState'], Shown>>

const signatures = {
  none: { tone: 'off', word: 'charts.signatureNone' },
  'unknown-key': { tone: 'warn', word: 'charts.signatureUnknownKey' },
  verified: { tone: 'good', word: 'charts.signatureVerified' },
  invalid: { tone: 'bad', word: 'charts.signatureInvalid' },
  'expired-key': { tone: 'bad', word: 'charts.signatureExpiredKey' },
  'revoked-key': { tone: 'bad', word: 'charts.signatureRevokedKey' },
} as const satisfies Readonly<Record<Signature['State'], Shown>>

export function ProvenancePanel({ content }: { readonly content: ChartContent }) {
  const { t } = useWords()
  const { ProvenanceState: state, Provenance: text, Signature: signature } = content
  const provenance = provenances[state]
  return (
    <Panel title={t('charts.provenance')}>
      <p>
        <Status tone={provenance.tone}>{t(provenance.word)}</Status>
      </p>
      {state === 'matches' && <Signed signature={signature} />}
      {text !== null && (
        <details>
          <summary>{t('charts.provenanceFile')}</summary>
          <Code text={text} name=".prov" />
        </details>
      )}
    </Panel>
  )
}

function Signed({ signature }: { readonly signature: Signature }) {
  const { t } = useWords()
  const { State: state, Fingerprint: fingerprint, KeyId: keyId } = signature
  const key = fingerprint ?? keyId
  const { tone, word } = signatures[state]
  return (
    <>
      <p>
        <Status tone={tone}>{t(word)}</Status>
      </p>
      {key !== null && (
        <Facts
          facts={[
            {
              label: t(fingerprint === null ? 'charts.keyId' : 'charts.fingerprint'),
              value: (
                <>
                  <code className="chart-key">{key}</code>
                  <CopyButton text={key} what={t('charts.fingerprint')} />
                </>
              ),
            },
            {
              label: t('charts.signedBy'),
              value: <FreeText text={signature.UserIds.join(', ')} />,
            },
            { label: t('charts.signedAt'), value: <Time at={signature.SignTime} /> },
          ]}
        />
      )}
    </>
  )
}
