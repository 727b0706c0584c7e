// A QR code as a picture: dark on light in both themes, as readers expect it, with the quiet zone around.

import { encodeQr } from './qr-code.ts'

const quietModules = 4
const pixels = 192

export function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const modules = encodeQr(text)
  const size = modules.length + 2 * quietModules
  const path = modules
    .flatMap((row, y) =>
      row.map((isDark, x) => (isDark ? `M${x + quietModules} ${y + quietModules}h1v1h-1z` : '')),
    )
    .join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      width={pixels}
      height={pixels}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  )
}
