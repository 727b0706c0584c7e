export function UserCredentialsPage() {
  return null
}
