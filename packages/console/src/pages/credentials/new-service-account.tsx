export function NewServiceAccountPage() {
  return null
}
