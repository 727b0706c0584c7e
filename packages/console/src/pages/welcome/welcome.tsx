// Three minutes to the first image: pick the client, copy three lines, watch the push arrive.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { lastInstance } from '../../frame/preferences.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { markWelcomed } from '../overview/first-image.tsx'
import { NothingYet } from '../overview/nothing-yet.tsx'
import { NextSteps } from './next-steps.tsx'
import { PlaceFields } from './place-fields.tsx'
import { PushStep } from './push-step.tsx'
import { WatchStep } from './watch-step.tsx'
import './welcome.css'

const maxInstances = 200

export function WelcomePage() {
  const { t } = useWords()
  useTitle(t('welcome.title'))
  const navigate = useNavigate()
  const { uin } = usePerson()
  const { data, error, isPending } = useRead('DescribeInstances', {
    AllRegion: true,
    Limit: maxInstances,
  })
  const skip = () => {
    markWelcomed(uin)
    void navigate({ to: paths.overview() })
  }
  const running = (data?.Registries ?? []).filter(({ Status }) => Status === 'Running')
  return (
    <>
      <header className="page-head welcome-head">
        <div>
          <h1 tabIndex={-1}>{t('welcome.title')}</h1>
          <p className="page-about">{t('welcome.about')}</p>
        </div>
        <Button onClick={skip}>{t('welcome.skip')}</Button>
      </header>
      {isPending ? (
        <Skeleton lines={8} />
      ) : error ? (
        <Failed error={error} />
      ) : running.length === 0 ? (
        <NothingYet />
      ) : (
        <Steps
          instances={running.map(({ RegistryId, RegistryName }) => [RegistryId, RegistryName])}
        />
      )}
    </>
  )
}

interface StepsProps {
  /** Id and name. */
  readonly instances: readonly (readonly [string, string])[]
}

function Steps({ instances }: StepsProps) {
  const last = lastInstance()
  const [instance, setInstance] = useState(
    () => instances.find(([id]) => id === last)?.[0] ?? instances[0]?.[0] ?? '',
  )
  const [namespace, setNamespace] = useState('')
  return (
    <>
      <PlaceFields
        instances={instances}
        instance={instance}
        namespace={namespace}
        setInstance={(id) => {
          setNamespace('')
          setInstance(id)
        }}
        setNamespace={setNamespace}
      />
      {namespace !== '' && (
        <>
          <PushStep key={`push ${instance}`} instance={instance} namespace={namespace} />
          <WatchStep key={`watch ${instance}`} instance={instance} namespace={namespace} />
          <NextSteps instance={instance} />
        </>
      )}
    </>
  )
}
