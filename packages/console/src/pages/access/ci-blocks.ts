// The lines that a run of CI logs in by: its token is exchanged for a login of minutes (docs/access.md).

export interface CiFacts {
  /** Where the management API is, with a slash at the end. */
  readonly api: string
  readonly host: string
  readonly instance: string
  readonly rule: string
  readonly audience: string
}

/** With the run's token in $token. */
function loginLines({ api, host, instance, rule }: CiFacts): readonly string[] {
  return [
    `login=$(curl -sS ${api} \\`,
    "  -H 'Authorization: SKIP' -H 'Content-Type: application/json' \\",
    "  -H 'X-TC-Action: ExchangeToken' -H 'X-TC-Version: 2026-11-01' \\",
    '  -H "X-TC-Timestamp: $(date +%s)" \\',
    `  -d "{\\"TargetRegistryId\\": \\"${instance}\\", \\"RuleId\\": \\"${rule}\\", \\"Token\\": \\"$token\\"}")`,
    'echo "$login" | jq -er .Response.Password |',
    `  docker login ${host} --password-stdin -u "$(echo "$login" | jq -r .Response.Username)"`,
  ]
}

const indent = (lines: readonly string[], by: number): readonly string[] =>
  lines.map((line) => `${' '.repeat(by)}${line}`)

export function githubSteps(facts: CiFacts): string {
  return [
    'permissions:',
    '  id-token: write',
    '  contents: read',
    'steps:',
    '  - name: Log in to the registry',
    '    run: |',
    ...indent(
      [
        'token=$(curl -sS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\',
        `  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${encodeURIComponent(facts.audience)}" | jq -r .value)`,
        ...loginLines(facts),
      ],
      6,
    ),
  ].join('\n')
}

export function gitlabJob(facts: CiFacts): string {
  return [
    'push:',
    '  id_tokens:',
    '    token:',
    `      aud: ${JSON.stringify(facts.audience)}`,
    '  script:',
    '    - |',
    ...indent(loginLines(facts), 6),
  ].join('\n')
}
