export function SimulatorPage() {
  return null
}
