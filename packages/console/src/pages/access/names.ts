// The rule for the names of users, roles and policies, as the contract has it (`nameRules` of cam).

const namePattern = /^[A-Za-z0-9+=,.@_-]{1,128}$/

export function isName(name: string): boolean {
  return namePattern.test(name)
}
