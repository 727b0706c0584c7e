// A page below a chart: the chart itself, one of its versions, or two of them compared. `-` ends its name.

import { useParams } from '@tanstack/react-router'
import { NoPage } from '../../frame/no-page.tsx'
import { useInstanceId } from '../../frame/use-instance.ts'
import { parseChartPlace } from '../../paths.ts'
import { ChartPage } from './chart.tsx'
import { CompareChartsPage } from './compare-values.tsx'
import { ChartVersionPage } from './version.tsx'
import './charts.css'

export function ChartPlacePage() {
  const instance = useInstanceId()
  const { namespace = '', _splat = '' } = useParams({ strict: false })
  const place = parseChartPlace(_splat)
  if (!place) return <NoPage />
  const at = { instance, namespace, chart: place.chart }
  switch (place.page) {
    case 'chart':
      return <ChartPage at={at} tab={place.tab} />
    case 'version':
      return <ChartVersionPage at={at} version={place.version} tab={place.tab} />
    case 'compare':
      return <CompareChartsPage at={at} />
  }
}
