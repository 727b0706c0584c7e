// Which hosts Docker asks us about: those of instances, with the temporary credential that still holds, and what a person
// gave by `docker login`.

import { configPath, readJsonFile, writeJsonFile } from './private-files.ts'
import type { Terminal } from './terminal.ts'

export interface DockerToken {
  readonly username: string
  readonly secret: string
  /** Unix milliseconds. */
  readonly expiresMs: number
}

export interface DockerHost {
  readonly registryId: string
  /** The profile that was named at login. */
  readonly profile?: string | undefined
  readonly token?: DockerToken | undefined
}

export interface StoredLogin {
  readonly username: string
  readonly secret: string
}

export interface DockerHosts {
  readonly hosts: Readonly<Record<string, DockerHost>>
  readonly stored: Readonly<Record<string, StoredLogin>>
}

export function dockerHostsPath(terminal: Terminal): string {
  return configPath(terminal, 'docker.json')
}

export function readDockerHosts(terminal: Terminal): DockerHosts {
  const file = readJsonFile(dockerHostsPath(terminal)) ?? {}
  // Written by this file only; who edits it finds out.
  const { hosts = {}, stored = {} } = file as Partial<DockerHosts>
  return { hosts, stored }
}

export function writeDockerHosts(terminal: Terminal, hosts: DockerHosts): void {
  writeJsonFile(dockerHostsPath(terminal), hosts)
}

/** Docker writes `host:port`, some of its tools `https://host:port/v2/`. */
export function hostOf(server: string): string {
  return server
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/s, '')
    .toLowerCase()
}

export function withoutHost<T>(all: Readonly<Record<string, T>>, host: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== host))
}
