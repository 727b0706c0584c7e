// How an image runs. Values of its environment that look like secrets are shown as they are, with a warning: anybody
// who may pull the image can read them.

import type { ReactNode } from 'react'
import { type Fact, Facts, Panel } from '../../patterns/detail.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { CopyButton, FreeText, Time } from '../../patterns/shown.tsx'
import { Banner, Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { looksSecret, splitEnv } from './environment.ts'
import type { Manifest } from './image.tsx'
import { JsonText } from './manifest.tsx'
import { platformName } from './platforms.ts'

export function ConfigTab({ manifest }: { readonly manifest: Manifest }) {
  const { t } = useWords()
  const { Config: config, RawConfig: raw, ConfigMediaType: type } = manifest
  if (config === null) {
    return (
      <Panel title={t('images.tabConfig')}>
        {type !== null && (
          <Facts facts={[{ label: t('images.mediaType'), value: <FreeText text={type} /> }]} />
        )}
        {raw === '' ? (
          <Empty title={t('images.noConfig')} />
        ) : (
          <JsonText text={raw} label={t('images.tabConfig')} />
        )}
      </Panel>
    )
  }
  const system = platformName({
    Os: config.Os ?? '',
    Architecture: config.Architecture ?? '',
    Variant: config.Variant,
  })
  const words = (list: readonly string[]): ReactNode =>
    list.length === 0 ? undefined : <code>{list.map(quoted).join(' ')}</code>
  const lines = (list: readonly string[]): ReactNode =>
    list.length === 0 ? undefined : (
      <ul>
        {list.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
    )
  const facts: readonly (Fact | undefined)[] = [
    fact(t('images.platform'), system === '' ? undefined : system),
    fact(t('images.osVersion'), config.OsVersion),
    fact(t('images.entrypoint'), words(config.Entrypoint)),
    fact(t('images.cmd'), words(config.Cmd)),
    fact(t('images.workingDir'), config.WorkingDir && <code>{config.WorkingDir}</code>),
    fact(t('images.user'), config.User && <code>{config.User}</code>),
    fact(t('images.ports'), lines(config.ExposedPorts)),
    fact(t('images.volumes'), lines(config.Volumes)),
    fact(t('images.stopSignal'), config.StopSignal),
    fact(t('images.author'), config.Author && <FreeText text={config.Author} />),
    fact(t('images.built'), config.CreateTime && <Time at={config.CreateTime} />),
  ]
  return (
    <>
      <Panel title={t('images.tabConfig')}>
        <Facts facts={facts} />
        {facts.every((one) => one === undefined) && <Empty title={t('images.noConfig')} />}
      </Panel>
      <Environment env={config.Env} />
    </>
  )
}

/** Only what is set. */
function fact(label: string, value: ReactNode): Fact | undefined {
  return value === undefined || value === null || value === '' ? undefined : { label, value }
}

/** As it would be typed into a shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function Environment({ env }: { readonly env: readonly string[] }) {
  const { t } = useWords()
  const pairs = env.map(splitEnv)
  const secrets = pairs.filter(looksSecret).map(({ name }) => name)
  return (
    <Panel title={t('images.environment')}>
      {secrets.length > 0 && (
        <Banner tone="warn">{t('images.secretWarning', { names: secrets.join(', ') })}</Banner>
      )}
      {pairs.length === 0 ? (
        <p className="quiet">{t('images.noEnvironment')}</p>
      ) : (
        <KeyValues
          caption={t('images.environment')}
          rows={pairs.map(({ name, value }) => ({ Key: name, Value: value }))}
        />
      )}
    </Panel>
  )
}

interface KeyValuesProps {
  readonly caption: string
  readonly rows: readonly { readonly Key: string; readonly Value: string }[]
}

export function KeyValues({ caption, rows }: KeyValuesProps) {
  const { t } = useWords()
  return (
    <PlainTable
      caption={caption}
      heads={[{ label: t('images.key') }, { label: t('images.value') }]}
      className="key-values"
    >
      {rows.map(({ Key, Value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand twice
        <tr key={index}>
          <td className="cell-name">
            <bdi>
              <code>{Key}</code>
            </bdi>
          </td>
          <td data-head={t('images.value')}>
            <span className="key-value">
              <bdi>{Value}</bdi>
              {Value !== '' && <CopyButton text={Value} what={Key} />}
            </span>
          </td>
        </tr>
      ))}
    </PlainTable>
  )
}
