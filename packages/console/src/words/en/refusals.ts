export const refusals = {
  title: 'Why was I refused?',
  about:
    'Logins and requests that were refused in the last seven days, newest first, each with the one reason that decided.',
  all: 'Those of everybody',
  allOfInstance: 'Those of everybody at this instance',
  none: 'Nothing was refused',
  noneAbout:
    'If a client fails all the same, it did not reach the registry: check the address and the network; without TLS, whether the client is told to accept that.',
  times: '{n|once|{n} times}',
  loginName: 'User name',
  noLogin: 'without login',
  address: 'Address',
  client: 'Client',
  instance: 'Instance',
  resource: 'Resource',
  permission: 'Permission',
  toCredentials: 'Your access credentials',
  toInstance: 'To the instance',
  toNamespaces: 'To the namespaces',
  unknownHost: 'No instance has this address',
  unknownHostRemedy:
    'Copy the address from the instance: <name>.<base domain>. The address of this console is not one of them.',
  wrongCredential: 'User name or password is wrong',
  wrongCredentialRemedy:
    'The password is the token of a credential, not the one of the console. Make a new temporary login, or a long-term credential, and log in again.',
  credentialDisabled: 'The credential is disabled',
  credentialDisabledRemedy: 'Enable it again, or log in with another one.',
  credentialExpired: 'The credential has ended',
  credentialExpiredRemedy:
    'A temporary one holds for an hour, a service account until the date that was set. Make a new one, and log in again.',
  accountSuspended: 'The account is suspended',
  accountSuspendedRemedy: 'Ask whoever runs this registry.',
  otherInstance: 'The credential is of another instance',
  otherInstanceRemedy: 'Each instance has credentials of its own: make one for this instance.',
  tooManyAttempts: 'Too many failed logins',
  tooManyAttemptsRemedy:
    'Logins from this address wait for some minutes. Find the client that goes on with an old password before trying again.',
  loginNeeded: 'It takes a login',
  loginNeededRemedy:
    'It is not public, or the instance allows no anonymous pulls. Log in first; in a cluster, name a pull secret.',
  tokenTooNarrow: 'The client asked for less than it did',
  tokenTooNarrowRemedy:
    'The token it got does not cover this repository. Log out and in again; if it comes back, the client names the wrong repository.',
  noPermission: 'No policy allows it',
  noPermissionRemedy:
    'Ask an administrator for this statement, or use a service account that has the right:',
  deniedByPolicy: 'A policy denies it',
  deniedByPolicyRemedy:
    'A denial outweighs every permission. The policy simulator shows which one it is; ask an administrator to change it.',
  namespaceMissing: 'There is no such namespace',
  namespaceMissingRemedy:
    'A push makes the repository, not the namespace: create it first, or correct the name.',
  readOnly: 'The instance is read-only',
  readOnlyRemedy: 'Its prepaid time is over. Renew it: nothing was deleted.',
} as const
