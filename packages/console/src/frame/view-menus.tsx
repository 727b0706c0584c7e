// Language, and light or dark: both hold at once, without a reload.

import { useState } from 'react'
import { ModeDarkIcon, ModeLightIcon, TranslateIcon } from 'tdesign-icons-react'
import { Menu } from '../patterns/menu.tsx'
import { useWords } from '../words/use-words.ts'
import { keptTheme, setTheme, type Theme } from './preferences.ts'

export function LanguageMenu() {
  const { t, language, setLanguage } = useWords()
  return (
    <Menu
      label={t('frame.language')}
      button={<TranslateIcon />}
      className="button button-text icon-button"
      entries={[
        // Each language's name in itself: who looks for it may read no other.
        { id: 'zh', label: '中文', isChosen: language === 'zh', onSelect: () => setLanguage('zh') },
        {
          id: 'en',
          label: 'English',
          isChosen: language === 'en',
          onSelect: () => setLanguage('en'),
        },
      ]}
    />
  )
}

const themes = ['light', 'dark', 'system'] as const

export function ThemeMenu() {
  const { t } = useWords()
  const [theme, setShown] = useState<Theme>(keptTheme)
  const words = {
    light: t('frame.light'),
    dark: t('frame.dark'),
    system: t('frame.asSystem'),
  }
  return (
    <Menu
      label={t('frame.theme')}
      button={theme === 'dark' ? <ModeDarkIcon /> : <ModeLightIcon />}
      className="button button-text icon-button"
      entries={themes.map((one) => ({
        id: one,
        label: words[one],
        isChosen: theme === one,
        onSelect: () => {
          setTheme(one)
          setShown(one)
        },
      }))}
    />
  )
}
