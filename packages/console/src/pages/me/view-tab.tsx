// How the console looks on this browser: both hold at once.

import { useState } from 'react'
import { keptTheme, setTheme, type Theme } from '../../frame/preferences.ts'
import { Panel } from '../../patterns/detail.tsx'
import { useWords } from '../../words/use-words.ts'
import './me.css'

// Each language's name in itself: who looks for it may read no other.
const languages = [
  { id: 'zh', name: '中文' },
  { id: 'en', name: 'English' },
] as const
const themes = ['light', 'dark', 'system'] as const

export function ViewTab() {
  const { t, language, setLanguage } = useWords()
  const [theme, setShown] = useState<Theme>(keptTheme)
  const words = { light: t('frame.light'), dark: t('frame.dark'), system: t('frame.asSystem') }
  return (
    <Panel title={t('me.view')}>
      <p className="quiet">{t('me.viewAbout')}</p>
      <fieldset className="view-choice">
        <legend className="field-label">{t('frame.language')}</legend>
        {languages.map(({ id, name }) => (
          <label key={id} className="choice">
            <input
              type="radio"
              name="language"
              checked={language === id}
              onChange={() => setLanguage(id)}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className="view-choice">
        <legend className="field-label">{t('frame.theme')}</legend>
        {themes.map((one) => (
          <label key={one} className="choice">
            <input
              type="radio"
              name="theme"
              checked={theme === one}
              onChange={() => {
                setTheme(one)
                setShown(one)
              }}
            />
            <span>{words[one]}</span>
          </label>
        ))}
      </fieldset>
    </Panel>
  )
}
