// What a company has after a while, so that every page has something to show: repositories and images, people with
// their rights, credentials, Personal edition, work that was done.

import { join } from 'node:path'
import type { Client } from '@entrepot/client/client.ts'
import { createAccessKey } from '@entrepot/contract/cam/access-keys.ts'
import { attachUserPolicy } from '@entrepot/contract/cam/attachments.ts'
import { addUserToGroup, createGroup } from '@entrepot/contract/cam/groups.ts'
import { createPolicy } from '@entrepot/contract/cam/policies.ts'
import { createRole } from '@entrepot/contract/cam/roles.ts'
import { addUser } from '@entrepot/contract/cam/users.ts'
import { describeJobs } from '@entrepot/contract/entrepot/jobs.ts'
import { createStorageBackend } from '@entrepot/contract/entrepot/storage-backends.ts'
import { createServiceAccount } from '@entrepot/contract/tcr/credentials.ts'
import {
  createInstance,
  describeRegions,
  modifyInstanceStorage,
} from '@entrepot/contract/tcr/instances.ts'
import { createNamespace } from '@entrepot/contract/tcr/namespaces.ts'
import { createUserPersonal } from '@entrepot/contract/tcr/personal-accounts.ts'
import { createNamespacePersonal } from '@entrepot/contract/tcr/personal-namespaces.ts'
import { createRepositoryPersonal } from '@entrepot/contract/tcr/personal-repositories.ts'
import { createRepository } from '@entrepot/contract/tcr/repositories.ts'
import { createWebhookTrigger } from '@entrepot/contract/tcr/webhooks.ts'
import { content } from '../images/image.ts'
import { imageOf, indexOf, pushArtifact, pushManifest, referrerOf } from './artifacts.ts'
import { seedAiArtifacts, seedCharts } from './seed-artifacts.ts'
import { mainUin, type Stage } from './stage.ts'

export const userPassword = 'A-user-of-the-console-1'

/** How people log in who are not the main account. */
export function loginOf(userName: string): { readonly name: string; readonly password: string } {
  return { name: `${mainUin}/${userName}`, password: userPassword }
}

export interface Seeds {
  readonly region: string
  readonly digest: string
  readonly user: number
  readonly group: number
  readonly role: string
  readonly policy: number
  readonly job: string
  /** In the namespace `front`. */
  readonly trigger: number
}

export async function seed(stage: Stage): Promise<Seeds> {
  const { api, instance } = stage
  const digest = await seedRepositories(stage)
  await seedCharts(stage)
  await seedAiArtifacts(stage)
  const people = await seedPeople(api)
  await api.call(createServiceAccount, {
    RegistryId: instance,
    Name: 'ci-front',
    Description: 'Pushes what the pipeline of front builds',
    Permissions: [{ Resource: 'front', Actions: ['tcr:PushRepository', 'tcr:PullRepository'] }],
    Duration: 90,
  })
  const region = await seedPersonal(api)
  await api.call(createInstance, { RegistryName: 'shop-prod', RegistryType: 'standard' })
  const trigger = await seedTrigger(stage)
  return { region, digest, ...people, trigger, job: await startMove(stage, region) }
}

/** Of tags that nobody pushes: it has nothing to send. */
async function seedTrigger({ api, instance }: Stage): Promise<number> {
  const { Trigger } = await api.call(createWebhookTrigger, {
    RegistryId: instance,
    Namespace: 'front',
    Trigger: {
      Name: 'deploy',
      Description: 'Tells the pipeline of a release',
      Targets: [{ Address: 'https://ci.example.com/hooks/registry' }],
      EventTypes: ['pushImage'],
      Condition: '^nginx:release-[0-9]+$',
      Enabled: true,
    },
  })
  return Trigger?.Id ?? 0
}

/** Long work: all that an instance holds goes to another store. */
export async function startMove(
  { api, instance, server }: Pick<Stage, 'api' | 'instance' | 'server'>,
  region: string,
): Promise<string> {
  const path = join(server.data, 'archive')
  await api.call(createStorageBackend, { StorageName: 'archive', Kind: 'Folder', Path: path })
  await api.call(modifyInstanceStorage, {
    RegistryId: instance,
    TargetRegion: region,
    TargetStorageName: 'archive',
  })
  const { Jobs } = await api.call(describeJobs, { RegistryId: instance, IncludeBackground: false })
  const job = Jobs[0]
  if (!job) throw new Error('a move is a job')
  return job.JobId
}

const about = `# nginx of the shop

The proxy before **every** page of the shop.

| Port | For |
|---|---|
| 8080 | pages |
| 9113 | metrics |

- built by \`front/pipeline\`
- asks go to [the team](https://example.com/teams/front)
`

async function seedRepositories({ api, instance, registry }: Stage): Promise<string> {
  for (const [name, isPublic] of [
    ['front', false],
    ['data', false],
    ['tools', true],
  ] as const) {
    await api.call(createNamespace, {
      RegistryId: instance,
      NamespaceName: name,
      IsPublic: isPublic,
    })
  }
  await api.call(createRepository, {
    RegistryId: instance,
    NamespaceName: 'front',
    RepositoryName: 'nginx',
    BriefDescription: 'The proxy before the shop',
    Description: about,
  })
  const base = { name: 'debian', bytes: 300_000, by: 'ADD rootfs.tar.xz / # buildkit' }
  let digest = ''
  for (const version of ['1.27.1', '1.27.2', '1.28.0']) {
    const facts = {
      layers: [
        base,
        { name: `nginx ${version}`, bytes: 120_000, by: 'RUN apt-get install -y nginx # buildkit' },
        { name: `shop ${version}`, bytes: 42_000, by: 'COPY conf.d /etc/nginx/conf.d # buildkit' },
      ],
      env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', `NGINX_VERSION=${version}`, 'TZ=Asia/Shanghai'],
      labels: {
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.source': 'https://example.com/front/nginx',
      },
    }
    const images = ['amd64', 'arm64'].map((architecture) => imageOf({ ...facts, architecture }))
    for (const image of images) await pushArtifact(registry, 'front/nginx', image)
    const index = indexOf(images)
    const tags = version === '1.28.0' ? [version, 'latest', 'stable'] : [version]
    await pushManifest(registry, 'front/nginx', index, tags)
    digest = images[0]?.manifest.digest ?? ''
  }
  const image = imageOf({
    layers: [base, { name: 'spark', bytes: 900_000, by: 'RUN make install # buildkit' }],
    annotations: { 'org.opencontainers.image.title': 'Spark with our connectors' },
  })
  await pushArtifact(registry, 'data/batch/spark', image, ['3.5.3'])
  const bill = content('application/spdx+json', Buffer.from('{"spdxVersion":"SPDX-2.3"}'))
  const referrer = referrerOf(image.manifest, 'application/spdx+json', bill)
  await pushArtifact(registry, 'data/batch/spark', referrer)
  const tool = imageOf({ layers: [base, { name: 'tool', bytes: 9000, by: 'COPY tool /bin' }] })
  await pushArtifact(registry, 'tools/migrate', tool, ['v4.18.1'])
  return digest
}

const policyOfFront = JSON.stringify({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: ['tcr:DescribeRepositories', 'tcr:PullRepository'],
      resource: ['qcs::tcr:::repository/*/front/*'],
    },
  ],
})

/** Whoever the main account lets take the role on. */
export const trust = JSON.stringify({
  version: '2.0',
  statement: [
    {
      effect: 'allow',
      action: 'name/sts:AssumeRole',
      principal: { qcs: [`qcs::cam::uin/${mainUin}:root`] },
    },
  ],
})

async function seedPeople(
  api: Client,
): Promise<Omit<Seeds, 'region' | 'digest' | 'job' | 'trigger'>> {
  const user = await addPerson(api, 'lin', 'Front')
  await addPerson(api, 'wang', 'Data')
  const { PolicyId: policy = 0 } = await api.call(createPolicy, {
    PolicyName: 'pull-front',
    PolicyDocument: policyOfFront,
    Description: 'Pulls what front made',
  })
  await api.call(attachUserPolicy, { PolicyId: policy, AttachUin: user.Uin })
  const { GroupId: group = 0 } = await api.call(createGroup, {
    GroupName: 'front',
    Remark: 'Who builds the shop',
  })
  await api.call(addUserToGroup, { Info: [{ GroupId: group, Uid: user.Uid }] })
  const { RoleId: role = '' } = await api.call(createRole, {
    RoleName: 'deployer',
    PolicyDocument: trust,
    Description: 'What the cluster pulls with',
  })
  await api.call(createAccessKey, { Description: 'pipeline' })
  return { user: user.Uin, group, role, policy }
}

/** Who may log in to the console, with the password of all here. */
export async function addPerson(
  api: Client,
  name: string,
  remark = '',
): Promise<{ readonly Uin: number; readonly Uid: number }> {
  const { Uin = 0, Uid = 0 } = await api.call(addUser, {
    Name: name,
    Remark: remark,
    ConsoleLogin: 1,
    Password: userPassword,
    NeedResetPassword: 0,
    UseApi: 0,
  })
  return { Uin, Uid }
}

async function seedPersonal(api: Client): Promise<string> {
  const { Regions } = await api.call(describeRegions, {})
  const region = Regions?.[0]?.RegionName
  if (region === undefined) throw new Error('there is always a region')
  await api.call(createUserPersonal, { Password: 'Personal-pass-1' })
  await api.call(createNamespacePersonal, { Namespace: 'lin-private' })
  await api.call(createRepositoryPersonal, {
    RepoName: 'lin-private/notes',
    Description: 'My own notes as an image',
  })
  return region
}
