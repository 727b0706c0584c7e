export function ServiceAccountPage() {
  return null
}
