export function RepositoryPlacePage() {
  return null
}
