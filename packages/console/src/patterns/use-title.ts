// The page's name in the tab of the browser, which screen readers speak when the page changes.

import { useEffect } from 'react'

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Entrepot`
  }, [title])
}
