/**
 * The program can't start or go on, and an operator can help it: the message is one line that says what is
 * wrong and what to do. Printed as it stands, exit code 1; any other error is a bug and prints its stack.
 */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StartError'
  }
}

/** A setting is wrong. Never carries the value of a secret. */
export class ConfigError extends StartError {
  constructor(message: string, cause?: unknown) {
    super(message, cause)
    this.name = 'ConfigError'
  }
}
