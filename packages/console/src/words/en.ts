// The English catalogue: an area for each room of pages.

import { access } from './en/access.ts'
import { artifacts } from './en/artifacts.ts'
import { audit } from './en/audit.ts'
import { bin } from './en/bin.ts'
import { charts } from './en/charts.ts'
import { cleanUp } from './en/clean-up.ts'
import { credentials } from './en/credentials.ts'
import { frame } from './en/frame.ts'
import { help } from './en/help.ts'
import { images } from './en/images.ts'
import { immutability } from './en/immutability.ts'
import { instances } from './en/instances.ts'
import { jobs } from './en/jobs.ts'
import { login } from './en/login.ts'
import { me } from './en/me.ts'
import { namespaces } from './en/namespaces.ts'
import { overview } from './en/overview.ts'
import { patterns } from './en/patterns.ts'
import { personal } from './en/personal.ts'
import { policies } from './en/policies.ts'
import { refusals } from './en/refusals.ts'
import { repositories } from './en/repositories.ts'
import { retention } from './en/retention.ts'
import { system } from './en/system.ts'
import { triggers } from './en/triggers.ts'
import { usage } from './en/usage.ts'
import { welcome } from './en/welcome.ts'

export const en = {
  frame,
  patterns,
  login,
  welcome,
  overview,
  immutability,
  cleanUp,
  triggers,
  bin,
  instances,
  namespaces,
  repositories,
  images,
  charts,
  artifacts,
  credentials,
  refusals,
  access,
  policies,
  me,
  personal,
  audit,
  usage,
  jobs,
  retention,
  system,
  help,
} as const
