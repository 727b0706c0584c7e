// What keeps secrets out of text that leaves the process (log lines, one-line start errors): the shapes a
// secret comes in (header, URL, query, JSON, assignment), and the deployment's own secrets by value.
// Every repetition is bounded, and so is the text, so that hostile input costs linear time.

const hidden = '[hidden]'
const maxTextLength = 16_384

type Replacement = string | ((...groups: string[]) => string)

const secretWord =
  '(?:pass(?:word|wd|phrase)|secret|token|api-?key|access-?key|private-?key|master-?key|signature|authorization|cookie|credentials?-?secret)'
const secretName = `[\\w.-]{0,40}${secretWord}(?:_?(?:id|key|access_?key))?`

const shapes: readonly (readonly [RegExp, Replacement])[] = [
  // Whole header lines, as in a dump of a request.
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-registry-auth|x-amz-security-token)(["']?\s*:\s*)(?!["'])[^\r\n]+/gi,
    `$1$2${hidden}`,
  ],
  [/\b(bearer\s{1,4})(?!realm=)[\w.~+/=-]{8,}/gi, `$1${hidden}`],
  [/\b(basic\s{1,4})([\w+/-]{4,}={0,2})/gi, hideBasic],
  // A JWT, wherever it stands.
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, hidden],
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,256}):[^\s/@]{1,512}@/gi, `$1:${hidden}@`],
  // Query and form parameters, and assignments: the names that S3, OAuth and we use.
  [
    new RegExp(
      `((?:${secretName}|X-Amz-(?:Credential|Security-Token)|AWSAccessKeyId)=)[^\\s&"']+`,
      'gi',
    ),
    `$1${hidden}`,
  ],
  // "name": "value" of JSON, name: 'value' of an inspected object.
  [
    new RegExp(
      `(${secretName}(?:\\\\?["'])?\\s*:\\s*\\\\?(["']))(?:(?!\\2)[^\\\\]|\\\\[^"'])+`,
      'gi',
    ),
    `$1${hidden}`,
  ],
  [/\b(pass(?:word|wd|phrase)\s*:\s*)(?!["'])[^\s,;}]+/gi, `$1${hidden}`],
]

/** Prose says "basic settings"; only what decodes to `name:password` is a credential. */
function hideBasic(whole: string, scheme = '', value = ''): string {
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  return decoded.includes(':') ? `${scheme}${hidden}` : whole
}

/** Hides what has the shape of a secret. */
export function redact(text: string): string {
  let result =
    text.length > maxTextLength
      ? `${text.slice(0, maxTextLength)} … (${text.length} characters)`
      : text
  for (const [shape, replacement] of shapes) {
    result =
      typeof replacement === 'string'
        ? result.replace(shape, replacement)
        : result.replace(shape, replacement)
  }
  return result
}

/** Shorter values are words ("admin", "5000") and would hide half of every line. */
const minKnownSecretLength = 6

/** `redact`, which also hides these values, plain or as they stand in a URL or a Basic header. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const known = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < minKnownSecretLength) continue
    known.add(secret)
    known.add(encodeURIComponent(secret))
    known.add(Buffer.from(secret).toString('base64'))
  }
  // Longest first: a secret that contains another one must not leave its rest behind.
  const values = [...known].sort((a, b) => b.length - a.length)
  return (text) => {
    let result = text
    for (const value of values) result = result.replaceAll(value, hidden)
    return redact(result)
  }
}

const secretKey =
  /(?:pass(?:word|wd|phrase)|secret|(?:^|[a-z_-])token|authorization|cookie|signature|(?:private|master|access|api|secret)[_-]?key)$/i

/** A field of this name carries a secret as its value. */
export function isSecretField(name: string): boolean {
  return secretKey.test(name) || /^token$/i.test(name)
}

export { hidden as hiddenText }
