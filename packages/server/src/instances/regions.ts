// Regions by the numbers that the API shows (reference of the API, "Formats"). A deployment is one region; one whose
// name is not in the table has a number of its own, made from the name, so that it is the same on every process.

export interface Region {
  readonly id: number
  readonly name: string
  readonly alias: string
}

const numbered: readonly (readonly [number, string, string])[] = [
  [1, 'ap-guangzhou', 'gz'],
  [4, 'ap-shanghai', 'sh'],
  [5, 'ap-hongkong', 'hk'],
  [6, 'na-toronto', 'ca'],
  [7, 'ap-shanghai-fsi', 'shjr'],
  [8, 'ap-beijing', 'bj'],
  [9, 'ap-singapore', 'sg'],
  [11, 'ap-shenzhen-fsi', 'szjr'],
  [15, 'na-siliconvalley', 'usw'],
  [16, 'ap-chengdu', 'cd'],
  [17, 'eu-frankfurt', 'de'],
  [18, 'ap-seoul', 'kr'],
  [19, 'ap-chongqing', 'cq'],
  [21, 'ap-mumbai', 'in'],
  [22, 'na-ashburn', 'use'],
  [23, 'ap-bangkok', 'th'],
  [24, 'eu-moscow', 'ru'],
  [25, 'ap-tokyo', 'jp'],
  [33, 'ap-nanjing', 'nj'],
  [36, 'ap-tianjin', 'tsn'],
  [37, 'ap-shenzhen', 'szx'],
  [39, 'ap-taipei', 'tpe'],
  [46, 'ap-beijing-fsi', 'bjjr'],
  [72, 'ap-jakarta', 'jkt'],
  [74, 'sa-saopaulo', 'sao'],
]

const byName = new Map<string, Region>(
  numbered.map(([id, name, alias]) => [name, { id, name, alias }]),
)

/** Numbers of the table stay far below. */
const firstOwnNumber = 100_000
const ownNumbers = 900_000

export function regionOf(name: string): Region {
  return byName.get(name) ?? { id: ownNumber(name), name, alias: name }
}

/** FNV-1a: the same for a name, whatever the process and the release. */
function ownNumber(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return firstOwnNumber + (hash % ownNumbers)
}
