// Made by packages/console/generate.ts from the contract; a change by hand is lost.

import type * as camAccessKeys from '@entrepot/contract/cam/access-keys.ts'
import type * as camAttachments from '@entrepot/contract/cam/attachments.ts'
import type * as camBoundaries from '@entrepot/contract/cam/boundaries.ts'
import type * as camGroups from '@entrepot/contract/cam/groups.ts'
import type * as camIdentityProviders from '@entrepot/contract/cam/identity-providers.ts'
import type * as camLoginSecurity from '@entrepot/contract/cam/login-security.ts'
import type * as camPolicies from '@entrepot/contract/cam/policies.ts'
import type * as camRoles from '@entrepot/contract/cam/roles.ts'
import type * as camUsers from '@entrepot/contract/cam/users.ts'
import type * as cloudauditAudit from '@entrepot/contract/cloudaudit/audit.ts'
import type * as entrepotAccounts from '@entrepot/contract/entrepot/accounts.ts'
import type * as entrepotActivity from '@entrepot/contract/entrepot/activity.ts'
import type * as entrepotAudit from '@entrepot/contract/entrepot/audit.ts'
import type * as entrepotBulkDeletions from '@entrepot/contract/entrepot/bulk-deletions.ts'
import type * as entrepotChartKeys from '@entrepot/contract/entrepot/chart-keys.ts'
import type * as entrepotCharts from '@entrepot/contract/entrepot/charts.ts'
import type * as entrepotCredentials from '@entrepot/contract/entrepot/credentials.ts'
import type * as entrepotDeletions from '@entrepot/contract/entrepot/deletions.ts'
import type * as entrepotDeployment from '@entrepot/contract/entrepot/deployment.ts'
import type * as entrepotIdentityProviders from '@entrepot/contract/entrepot/identity-providers.ts'
import type * as entrepotImages from '@entrepot/contract/entrepot/images.ts'
import type * as entrepotImmutability from '@entrepot/contract/entrepot/immutability.ts'
import type * as entrepotInstances from '@entrepot/contract/entrepot/instances.ts'
import type * as entrepotJobs from '@entrepot/contract/entrepot/jobs.ts'
import type * as entrepotLoginAddresses from '@entrepot/contract/entrepot/login-addresses.ts'
import type * as entrepotMetering from '@entrepot/contract/entrepot/metering.ts'
import type * as entrepotMfa from '@entrepot/contract/entrepot/mfa.ts'
import type * as entrepotOverview from '@entrepot/contract/entrepot/overview.ts'
import type * as entrepotPersonal from '@entrepot/contract/entrepot/personal.ts'
import type * as entrepotPolicies from '@entrepot/contract/entrepot/policies.ts'
import type * as entrepotRecycleBin from '@entrepot/contract/entrepot/recycle-bin.ts'
import type * as entrepotRepositoryContents from '@entrepot/contract/entrepot/repository-contents.ts'
import type * as entrepotRetention from '@entrepot/contract/entrepot/retention.ts'
import type * as entrepotSearch from '@entrepot/contract/entrepot/search.ts'
import type * as entrepotSessions from '@entrepot/contract/entrepot/sessions.ts'
import type * as entrepotStatistics from '@entrepot/contract/entrepot/statistics.ts'
import type * as entrepotStorageBackends from '@entrepot/contract/entrepot/storage-backends.ts'
import type * as entrepotStorageCleanup from '@entrepot/contract/entrepot/storage-cleanup.ts'
import type * as entrepotSystem from '@entrepot/contract/entrepot/system.ts'
import type * as entrepotTokenExchange from '@entrepot/contract/entrepot/token-exchange.ts'
import type * as entrepotUsers from '@entrepot/contract/entrepot/users.ts'
import type * as entrepotWebhooks from '@entrepot/contract/entrepot/webhooks.ts'
import type * as kmsCryptography from '@entrepot/contract/kms/cryptography.ts'
import type * as kmsKeys from '@entrepot/contract/kms/keys.ts'
import type * as sslCertificates from '@entrepot/contract/ssl/certificates.ts'
import type * as stsSts from '@entrepot/contract/sts/sts.ts'
import type * as tagTags from '@entrepot/contract/tag/tags.ts'
import type * as tcrAcceleration from '@entrepot/contract/tcr/acceleration.ts'
import type * as tcrAiModels from '@entrepot/contract/tcr/ai-models.ts'
import type * as tcrCharts from '@entrepot/contract/tcr/charts.ts'
import type * as tcrCredentials from '@entrepot/contract/tcr/credentials.ts'
import type * as tcrDomains from '@entrepot/contract/tcr/domains.ts'
import type * as tcrEndpoints from '@entrepot/contract/tcr/endpoints.ts'
import type * as tcrGc from '@entrepot/contract/tcr/gc.ts'
import type * as tcrImages from '@entrepot/contract/tcr/images.ts'
import type * as tcrImmutability from '@entrepot/contract/tcr/immutability.ts'
import type * as tcrInstances from '@entrepot/contract/tcr/instances.ts'
import type * as tcrNamespaces from '@entrepot/contract/tcr/namespaces.ts'
import type * as tcrPersonalAccounts from '@entrepot/contract/tcr/personal-accounts.ts'
import type * as tcrPersonalImages from '@entrepot/contract/tcr/personal-images.ts'
import type * as tcrPersonalLifecycle from '@entrepot/contract/tcr/personal-lifecycle.ts'
import type * as tcrPersonalNamespaces from '@entrepot/contract/tcr/personal-namespaces.ts'
import type * as tcrPersonalRepositories from '@entrepot/contract/tcr/personal-repositories.ts'
import type * as tcrPersonalTriggers from '@entrepot/contract/tcr/personal-triggers.ts'
import type * as tcrReplication from '@entrepot/contract/tcr/replication.ts'
import type * as tcrRepositories from '@entrepot/contract/tcr/repositories.ts'
import type * as tcrRetention from '@entrepot/contract/tcr/retention.ts'
import type * as tcrSecurityPolicies from '@entrepot/contract/tcr/security-policies.ts'
import type * as tcrSignatures from '@entrepot/contract/tcr/signatures.ts'
import type * as tcrSkills from '@entrepot/contract/tcr/skills.ts'
import type * as tcrSync from '@entrepot/contract/tcr/sync.ts'
import type * as tcrWebhooks from '@entrepot/contract/tcr/webhooks.ts'
import type * as vpcNetworks from '@entrepot/contract/vpc/networks.ts'

export interface Actions {
  ActivateMfaDevice: typeof entrepotMfa.activateMfaDevice
  AddUser: typeof camUsers.addUser
  AddUserToGroup: typeof camGroups.addUserToGroup
  AssumeRole: typeof stsSts.assumeRole
  AssumeRoleWithSAML: typeof stsSts.assumeRoleWithSaml
  AssumeRoleWithWebIdentity: typeof stsSts.assumeRoleWithWebIdentity
  AsymmetricRsaDecrypt: typeof kmsCryptography.asymmetricRsaDecrypt
  AsymmetricSm2Decrypt: typeof kmsCryptography.asymmetricSm2Decrypt
  AttachGroupPolicy: typeof camAttachments.attachGroupPolicy
  AttachRolePolicy: typeof camAttachments.attachRolePolicy
  AttachUserPolicy: typeof camAttachments.attachUserPolicy
  BatchDeleteImagePersonal: typeof tcrPersonalImages.batchDeleteImagePersonal
  BatchDeleteRepositoryPersonal: typeof tcrPersonalRepositories.batchDeleteRepositoryPersonal
  CancelInstanceStorageMove: typeof entrepotInstances.cancelInstanceStorageMove
  CancelJob: typeof entrepotJobs.cancelJob
  CancelKeyDeletion: typeof kmsKeys.cancelKeyDeletion
  CheckInstance: typeof tcrInstances.checkInstance
  CheckInstanceName: typeof tcrInstances.checkInstanceName
  CreateAccessKey: typeof camAccessKeys.createAccessKey
  CreateAccount: typeof entrepotAccounts.createAccount
  CreateApplicationTriggerPersonal: typeof tcrPersonalTriggers.createApplicationTriggerPersonal
  CreateAuditForwarding: typeof entrepotAudit.createAuditForwarding
  CreateAuditTrack: typeof cloudauditAudit.createAuditTrack
  CreateFavorRepositoryPersonal: typeof entrepotPersonal.createFavorRepositoryPersonal
  CreateGCJob: typeof tcrGc.createGCJob
  CreateGroup: typeof camGroups.createGroup
  CreateHelmChart: typeof entrepotCharts.createHelmChart
  CreateHelmChartKey: typeof entrepotChartKeys.createHelmChartKey
  CreateImageAccelerationService: typeof tcrAcceleration.createImageAccelerationService
  CreateImmutableTagRules: typeof tcrImmutability.createImmutableTagRules
  CreateInstance: typeof tcrInstances.createInstance
  CreateInstanceCustomizedDomain: typeof tcrDomains.createInstanceCustomizedDomain
  CreateInstanceToken: typeof tcrCredentials.createInstanceToken
  CreateInternalEndpointDns: typeof tcrEndpoints.createInternalEndpointDns
  CreateKey: typeof kmsKeys.createKey
  CreateMfaDevice: typeof entrepotMfa.createMfaDevice
  CreateMultipleSecurityPolicy: typeof tcrSecurityPolicies.createMultipleSecurityPolicy
  CreateNamespace: typeof tcrNamespaces.createNamespace
  CreateNamespacePersonal: typeof tcrPersonalNamespaces.createNamespacePersonal
  CreateOIDCConfig: typeof camIdentityProviders.createOidcConfig
  CreateOidcProvider: typeof entrepotIdentityProviders.createOidcProvider
  CreatePolicy: typeof camPolicies.createPolicy
  CreatePolicyVersion: typeof camPolicies.createPolicyVersion
  CreateReplicationInstance: typeof tcrReplication.createReplicationInstance
  CreateRepository: typeof tcrRepositories.createRepository
  CreateRepositoryDeletionJob: typeof entrepotBulkDeletions.createRepositoryDeletionJob
  CreateRepositoryPersonal: typeof tcrPersonalRepositories.createRepositoryPersonal
  CreateRole: typeof camRoles.createRole
  CreateSAMLProvider: typeof camIdentityProviders.createSamlProvider
  CreateSecurityPolicy: typeof tcrSecurityPolicies.createSecurityPolicy
  CreateServiceAccount: typeof tcrCredentials.createServiceAccount
  CreateServiceLinkedRole: typeof camRoles.createServiceLinkedRole
  CreateSignature: typeof tcrSignatures.createSignature
  CreateSignaturePolicy: typeof tcrSignatures.createSignaturePolicy
  CreateStorageBackend: typeof entrepotStorageBackends.createStorageBackend
  CreateSubAccountLoginIpPolicy: typeof camLoginSecurity.createSubAccountLoginIpPolicy
  CreateTag: typeof tagTags.createTag
  CreateTagDeletionJob: typeof entrepotBulkDeletions.createTagDeletionJob
  CreateTagRetentionExecution: typeof tcrRetention.createTagRetentionExecution
  CreateTagRetentionRule: typeof tcrRetention.createTagRetentionRule
  CreateTokenExchangeRule: typeof entrepotTokenExchange.createTokenExchangeRule
  CreateUserOIDCConfig: typeof camIdentityProviders.createUserOidcConfig
  CreateUserPersonal: typeof tcrPersonalAccounts.createUserPersonal
  CreateUserSAMLConfig: typeof camIdentityProviders.createUserSamlConfig
  CreateWebhookTrigger: typeof tcrWebhooks.createWebhookTrigger
  Decrypt: typeof kmsCryptography.decrypt
  DeleteAIModel: typeof tcrAiModels.deleteAIModel
  DeleteAccessKey: typeof camAccessKeys.deleteAccessKey
  DeleteAccount: typeof entrepotAccounts.deleteAccount
  DeleteApplicationTriggerPersonal: typeof tcrPersonalTriggers.deleteApplicationTriggerPersonal
  DeleteAuditForwarding: typeof entrepotAudit.deleteAuditForwarding
  DeleteCertificate: typeof sslCertificates.deleteCertificate
  DeleteFavorRepositoryPersonal: typeof entrepotPersonal.deleteFavorRepositoryPersonal
  DeleteGroup: typeof camGroups.deleteGroup
  DeleteHelmChart: typeof entrepotCharts.deleteHelmChart
  DeleteHelmChartKey: typeof entrepotChartKeys.deleteHelmChartKey
  DeleteHelmChartVersions: typeof entrepotCharts.deleteHelmChartVersions
  DeleteImage: typeof tcrImages.deleteImage
  DeleteImageAccelerateService: typeof tcrAcceleration.deleteImageAccelerateService
  DeleteImageLifecycleGlobalPersonal: typeof tcrPersonalLifecycle.deleteImageLifecycleGlobalPersonal
  DeleteImagePersonal: typeof tcrPersonalImages.deleteImagePersonal
  DeleteImmutableTagRules: typeof tcrImmutability.deleteImmutableTagRules
  DeleteInstance: typeof tcrInstances.deleteInstance
  DeleteInstanceCustomizedDomain: typeof tcrDomains.deleteInstanceCustomizedDomain
  DeleteInstanceToken: typeof tcrCredentials.deleteInstanceToken
  DeleteInternalEndpointDns: typeof tcrEndpoints.deleteInternalEndpointDns
  DeleteManifest: typeof entrepotImages.deleteManifest
  DeleteMfaDevice: typeof entrepotMfa.deleteMfaDevice
  DeleteMultipleSecurityPolicy: typeof tcrSecurityPolicies.deleteMultipleSecurityPolicy
  DeleteNamespace: typeof tcrNamespaces.deleteNamespace
  DeleteNamespacePersonal: typeof tcrPersonalNamespaces.deleteNamespacePersonal
  DeleteOIDCConfig: typeof camIdentityProviders.deleteOidcConfig
  DeleteOidcProvider: typeof entrepotIdentityProviders.deleteOidcProvider
  DeletePermanently: typeof entrepotRecycleBin.deletePermanently
  DeletePolicy: typeof camPolicies.deletePolicy
  DeletePolicyVersion: typeof camPolicies.deletePolicyVersion
  DeleteReplicationInstance: typeof tcrReplication.deleteReplicationInstance
  DeleteReplicationRule: typeof tcrSync.deleteReplicationRule
  DeleteRepository: typeof tcrRepositories.deleteRepository
  DeleteRepositoryPersonal: typeof tcrPersonalRepositories.deleteRepositoryPersonal
  DeleteRepositoryTags: typeof tcrRepositories.deleteRepositoryTags
  DeleteRole: typeof camRoles.deleteRole
  DeleteRolePermissionsBoundary: typeof camBoundaries.deleteRolePermissionsBoundary
  DeleteSAMLProvider: typeof camIdentityProviders.deleteSamlProvider
  DeleteSecurityPolicy: typeof tcrSecurityPolicies.deleteSecurityPolicy
  DeleteServiceAccount: typeof tcrCredentials.deleteServiceAccount
  DeleteServiceLinkedRole: typeof camRoles.deleteServiceLinkedRole
  DeleteSession: typeof entrepotSessions.deleteSession
  DeleteSignaturePolicy: typeof tcrSignatures.deleteSignaturePolicy
  DeleteSkill: typeof tcrSkills.deleteSkill
  DeleteStorageBackend: typeof entrepotStorageBackends.deleteStorageBackend
  DeleteTag: typeof tagTags.deleteTag
  DeleteTagRetentionRule: typeof tcrRetention.deleteTagRetentionRule
  DeleteTokenExchangeRule: typeof entrepotTokenExchange.deleteTokenExchangeRule
  DeleteUser: typeof camUsers.deleteUser
  DeleteUserPermissionsBoundary: typeof camBoundaries.deleteUserPermissionsBoundary
  DeleteUserSessions: typeof entrepotSessions.deleteUserSessions
  DeleteWebhookTrigger: typeof tcrWebhooks.deleteWebhookTrigger
  DescribeAIModelVersionDetail: typeof tcrAiModels.describeAIModelVersionDetail
  DescribeAccounts: typeof entrepotAccounts.describeAccounts
  DescribeActivity: typeof entrepotActivity.describeActivity
  DescribeApplicationTriggerLogPersonal: typeof tcrPersonalTriggers.describeApplicationTriggerLogPersonal
  DescribeApplicationTriggerPersonal: typeof tcrPersonalTriggers.describeApplicationTriggerPersonal
  DescribeAuditForwardings: typeof entrepotAudit.describeAuditForwardings
  DescribeAuditRetention: typeof entrepotAudit.describeAuditRetention
  DescribeAuditTracks: typeof cloudauditAudit.describeAuditTracks
  DescribeCertificateDetail: typeof sslCertificates.describeCertificateDetail
  DescribeCertificates: typeof sslCertificates.describeCertificates
  DescribeChartDownloadInfo: typeof tcrCharts.describeChartDownloadInfo
  DescribeCredentialDeletion: typeof entrepotCredentials.describeCredentialDeletion
  DescribeCredentialUse: typeof entrepotCredentials.describeCredentialUse
  DescribeDeletion: typeof entrepotRecycleBin.describeDeletion
  DescribeDeletions: typeof entrepotRecycleBin.describeDeletions
  DescribeDeployment: typeof entrepotDeployment.describeDeployment
  DescribeEvents: typeof cloudauditAudit.describeEvents
  DescribeExternalEndpointStatus: typeof tcrEndpoints.describeExternalEndpointStatus
  DescribeFavorRepositoryPersonal: typeof tcrPersonalRepositories.describeFavorRepositoryPersonal
  DescribeGCJobs: typeof tcrGc.describeGCJobs
  DescribeHelmChart: typeof entrepotCharts.describeHelmChart
  DescribeHelmChartFile: typeof entrepotCharts.describeHelmChartFile
  DescribeHelmChartKeys: typeof entrepotChartKeys.describeHelmChartKeys
  DescribeHelmChartUpload: typeof entrepotCharts.describeHelmChartUpload
  DescribeHelmChartVersions: typeof entrepotCharts.describeHelmChartVersions
  DescribeHelmCharts: typeof entrepotCharts.describeHelmCharts
  DescribeImageAccelerateService: typeof tcrAcceleration.describeImageAccelerateService
  DescribeImageFilterPersonal: typeof tcrPersonalImages.describeImageFilterPersonal
  DescribeImageLifecycleGlobalPersonal: typeof tcrPersonalLifecycle.describeImageLifecycleGlobalPersonal
  DescribeImageLifecyclePersonal: typeof tcrPersonalLifecycle.describeImageLifecyclePersonal
  DescribeImageManifests: typeof tcrImages.describeImageManifests
  DescribeImagePersonal: typeof tcrPersonalImages.describeImagePersonal
  DescribeImages: typeof tcrImages.describeImages
  DescribeImmutabilityCoverage: typeof entrepotImmutability.describeImmutabilityCoverage
  DescribeImmutableTagRules: typeof tcrImmutability.describeImmutableTagRules
  DescribeInstanceAllNamespaces: typeof tcrNamespaces.describeInstanceAllNamespaces
  DescribeInstanceAnonymousAccess: typeof entrepotInstances.describeInstanceAnonymousAccess
  DescribeInstanceCustomizedDomain: typeof tcrDomains.describeInstanceCustomizedDomain
  DescribeInstanceQuota: typeof entrepotInstances.describeInstanceQuota
  DescribeInstanceStatistics: typeof entrepotStatistics.describeInstanceStatistics
  DescribeInstanceStatus: typeof tcrInstances.describeInstanceStatus
  DescribeInstanceStorageMove: typeof entrepotInstances.describeInstanceStorageMove
  DescribeInstanceToken: typeof tcrCredentials.describeInstanceToken
  DescribeInstances: typeof tcrInstances.describeInstances
  DescribeInternalEndpointDnsStatus: typeof tcrEndpoints.describeInternalEndpointDnsStatus
  DescribeInternalEndpoints: typeof tcrEndpoints.describeInternalEndpoints
  DescribeJob: typeof entrepotJobs.describeJob
  DescribeJobs: typeof entrepotJobs.describeJobs
  DescribeKey: typeof kmsKeys.describeKey
  DescribeKeys: typeof kmsKeys.describeKeys
  DescribeManifest: typeof entrepotImages.describeManifest
  DescribeManifestDeletion: typeof entrepotDeletions.describeManifestDeletion
  DescribeMfaDevice: typeof entrepotMfa.describeMfaDevice
  DescribeNamespaceDeletion: typeof entrepotDeletions.describeNamespaceDeletion
  DescribeNamespacePersonal: typeof tcrPersonalNamespaces.describeNamespacePersonal
  DescribeNamespaceQuota: typeof entrepotInstances.describeNamespaceQuota
  DescribeNamespaceRetention: typeof entrepotRetention.describeNamespaceRetention
  DescribeNamespaceStatistics: typeof entrepotStatistics.describeNamespaceStatistics
  DescribeNamespaces: typeof tcrNamespaces.describeNamespaces
  DescribeOIDCConfig: typeof camIdentityProviders.describeOidcConfig
  DescribeOidcProviders: typeof entrepotIdentityProviders.describeOidcProviders
  DescribeOverview: typeof entrepotOverview.describeOverview
  DescribeOwnAccount: typeof entrepotDeployment.describeOwnAccount
  DescribeOwnRights: typeof entrepotPolicies.describeOwnRights
  DescribePersonNames: typeof entrepotUsers.describePersonNames
  DescribePersonalNamespaceMigrations: typeof entrepotPersonal.describePersonalNamespaceMigrations
  DescribeQuotaPersonal: typeof entrepotPersonal.describeQuotaPersonal
  DescribeReclaimableSpace: typeof entrepotStorageCleanup.describeReclaimableSpace
  DescribeRecycleBin: typeof entrepotRecycleBin.describeRecycleBin
  DescribeReferrers: typeof entrepotImages.describeReferrers
  DescribeRefusals: typeof entrepotActivity.describeRefusals
  DescribeRegions: typeof tcrInstances.describeRegions
  DescribeReplicationExecutions: typeof tcrSync.describeReplicationExecutions
  DescribeReplicationInstanceCreateTasks: typeof tcrReplication.describeReplicationInstanceCreateTasks
  DescribeReplicationInstanceSyncStatus: typeof tcrReplication.describeReplicationInstanceSyncStatus
  DescribeReplicationInstances: typeof tcrReplication.describeReplicationInstances
  DescribeReplicationPolicies: typeof tcrSync.describeReplicationPolicies
  DescribeReplicationTasks: typeof tcrSync.describeReplicationTasks
  DescribeRepositories: typeof tcrRepositories.describeRepositories
  DescribeRepositoryDeletion: typeof entrepotDeletions.describeRepositoryDeletion
  DescribeRepositoryFilterPersonal: typeof tcrPersonalRepositories.describeRepositoryFilterPersonal
  DescribeRepositoryManifests: typeof entrepotRepositoryContents.describeRepositoryManifests
  DescribeRepositoryOwnerPersonal: typeof tcrPersonalRepositories.describeRepositoryOwnerPersonal
  DescribeRepositoryPersonal: typeof tcrPersonalRepositories.describeRepositoryPersonal
  DescribeRepositoryStatistics: typeof entrepotStatistics.describeRepositoryStatistics
  DescribeRepositoryTags: typeof entrepotRepositoryContents.describeRepositoryTags
  DescribeResourceTags: typeof tagTags.describeResourceTags
  DescribeResourceTagsByResourceIds: typeof tagTags.describeResourceTagsByResourceIds
  DescribeRetentionFates: typeof entrepotRetention.describeRetentionFates
  DescribeRetentionPreview: typeof entrepotRetention.describeRetentionPreview
  DescribeRetentionRuns: typeof entrepotRetention.describeRetentionRuns
  DescribeRoleList: typeof camRoles.describeRoleList
  DescribeSafeAuthFlag: typeof camLoginSecurity.describeSafeAuthFlag
  DescribeSafeAuthFlagColl: typeof camLoginSecurity.describeSafeAuthFlagColl
  DescribeSecurityGroupPolicies: typeof vpcNetworks.describeSecurityGroupPolicies
  DescribeSecurityGroups: typeof vpcNetworks.describeSecurityGroups
  DescribeSecurityPolicies: typeof tcrSecurityPolicies.describeSecurityPolicies
  DescribeServiceAccounts: typeof tcrCredentials.describeServiceAccounts
  DescribeSessions: typeof entrepotSessions.describeSessions
  DescribeSkillDetail: typeof tcrSkills.describeSkillDetail
  DescribeSkillDownloadInfo: typeof tcrSkills.describeSkillDownloadInfo
  DescribeSpaceUsage: typeof entrepotMetering.describeSpaceUsage
  DescribeStorageBackends: typeof entrepotStorageBackends.describeStorageBackends
  DescribeStorageCleanupItems: typeof entrepotStorageCleanup.describeStorageCleanupItems
  DescribeStorageCleanups: typeof entrepotStorageCleanup.describeStorageCleanups
  DescribeSubAccountLoginIpPolicy: typeof entrepotLoginAddresses.describeSubAccountLoginIpPolicy
  DescribeSubAccounts: typeof camUsers.describeSubAccounts
  DescribeSubnets: typeof vpcNetworks.describeSubnets
  DescribeSystem: typeof entrepotSystem.describeSystem
  DescribeTagDeletion: typeof entrepotDeletions.describeTagDeletion
  DescribeTagHistory: typeof entrepotRepositoryContents.describeTagHistory
  DescribeTagKeys: typeof tagTags.describeTagKeys
  DescribeTagRetentionExecution: typeof tcrRetention.describeTagRetentionExecution
  DescribeTagRetentionExecutionTask: typeof tcrRetention.describeTagRetentionExecutionTask
  DescribeTagRetentionRules: typeof tcrRetention.describeTagRetentionRules
  DescribeTagValues: typeof tagTags.describeTagValues
  DescribeTags: typeof tagTags.describeTags
  DescribeTagsOfDigest: typeof entrepotImages.describeTagsOfDigest
  DescribeTokenExchangeRules: typeof entrepotTokenExchange.describeTokenExchangeRules
  DescribeUsage: typeof entrepotMetering.describeUsage
  DescribeUserDeletion: typeof entrepotDeletions.describeUserDeletion
  DescribeUserLogin: typeof entrepotAccounts.describeUserLogin
  DescribeUserOIDCConfig: typeof camIdentityProviders.describeUserOidcConfig
  DescribeUserQuotaPersonal: typeof tcrPersonalAccounts.describeUserQuotaPersonal
  DescribeUserSAMLConfig: typeof camIdentityProviders.describeUserSamlConfig
  DescribeUsers: typeof entrepotUsers.describeUsers
  DescribeVpcs: typeof vpcNetworks.describeVpcs
  DescribeWebhookConditionMatch: typeof entrepotWebhooks.describeWebhookConditionMatch
  DescribeWebhookDeliveries: typeof entrepotWebhooks.describeWebhookDeliveries
  DescribeWebhookDelivery: typeof entrepotWebhooks.describeWebhookDelivery
  DescribeWebhookTrigger: typeof tcrWebhooks.describeWebhookTrigger
  DescribeWebhookTriggerDetails: typeof entrepotWebhooks.describeWebhookTriggerDetails
  DescribeWebhookTriggerLog: typeof tcrWebhooks.describeWebhookTriggerLog
  DetachGroupPolicy: typeof camAttachments.detachGroupPolicy
  DetachRolePolicy: typeof camAttachments.detachRolePolicy
  DetachUserPolicy: typeof camAttachments.detachUserPolicy
  DisableKey: typeof kmsKeys.disableKey
  DisableKeyRotation: typeof kmsKeys.disableKeyRotation
  DisableUserSSO: typeof camIdentityProviders.disableUserSso
  DownloadHelmChart: typeof tcrCharts.downloadHelmChart
  DuplicateImage: typeof tcrImages.duplicateImage
  DuplicateImagePersonal: typeof tcrPersonalImages.duplicateImagePersonal
  EmptyRecycleBin: typeof entrepotRecycleBin.emptyRecycleBin
  EnableKey: typeof kmsKeys.enableKey
  EnableKeyRotation: typeof kmsKeys.enableKeyRotation
  Encrypt: typeof kmsCryptography.encrypt
  ExchangeToken: typeof entrepotTokenExchange.exchangeToken
  ExportAuditEvents: typeof entrepotAudit.exportAuditEvents
  GenerateDataKey: typeof kmsCryptography.generateDataKey
  GetAccountSummary: typeof camUsers.getAccountSummary
  GetCallerIdentity: typeof stsSts.getCallerIdentity
  GetFederationToken: typeof stsSts.getFederationToken
  GetGroup: typeof camGroups.getGroup
  GetKeyRotationStatus: typeof kmsKeys.getKeyRotationStatus
  GetPasswordRules: typeof camLoginSecurity.getPasswordRules
  GetPolicy: typeof camPolicies.getPolicy
  GetPolicyVersion: typeof camPolicies.getPolicyVersion
  GetPublicKey: typeof kmsCryptography.getPublicKey
  GetResources: typeof tagTags.getResources
  GetRole: typeof camRoles.getRole
  GetRolePermissionBoundary: typeof camBoundaries.getRolePermissionBoundary
  GetSAMLProvider: typeof camIdentityProviders.getSamlProvider
  GetSecurityLastUsed: typeof camAccessKeys.getSecurityLastUsed
  GetServiceLinkedRoleDeletionStatus: typeof camRoles.getServiceLinkedRoleDeletionStatus
  GetSessionToken: typeof stsSts.getSessionToken
  GetUser: typeof camUsers.getUser
  GetUserAppId: typeof camUsers.getUserAppId
  GetUserPermissionBoundary: typeof camBoundaries.getUserPermissionBoundary
  ListAIModelVersions: typeof tcrAiModels.listAIModelVersions
  ListAIModels: typeof tcrAiModels.listAIModels
  ListAccessKeys: typeof camAccessKeys.listAccessKeys
  ListAccounts: typeof camUsers.listAccounts
  ListAlgorithms: typeof kmsCryptography.listAlgorithms
  ListAttachedGroupPolicies: typeof camAttachments.listAttachedGroupPolicies
  ListAttachedRolePolicies: typeof camAttachments.listAttachedRolePolicies
  ListAttachedUserAllPolicies: typeof camAttachments.listAttachedUserAllPolicies
  ListAttachedUserPolicies: typeof camAttachments.listAttachedUserPolicies
  ListCollaborators: typeof camUsers.listCollaborators
  ListEntitiesForPolicy: typeof camAttachments.listEntitiesForPolicy
  ListGroups: typeof camGroups.listGroups
  ListGroupsForUser: typeof camGroups.listGroupsForUser
  ListKeyDetail: typeof kmsKeys.listKeyDetail
  ListKeys: typeof kmsKeys.listKeys
  ListPolicies: typeof camPolicies.listPolicies
  ListPoliciesGrantingServiceAccess: typeof camPolicies.listPoliciesGrantingServiceAccess
  ListPolicyVersions: typeof camPolicies.listPolicyVersions
  ListSAMLProviders: typeof camIdentityProviders.listSamlProviders
  ListSkillVersions: typeof tcrSkills.listSkillVersions
  ListSkills: typeof tcrSkills.listSkills
  ListUsers: typeof camUsers.listUsers
  ListUsersForGroup: typeof camGroups.listUsersForGroup
  LookUpEvents: typeof cloudauditAudit.lookUpEvents
  LookUpResources: typeof entrepotSearch.lookUpResources
  ManageExternalEndpoint: typeof tcrEndpoints.manageExternalEndpoint
  ManageImageLifecycleGlobalPersonal: typeof tcrPersonalLifecycle.manageImageLifecycleGlobalPersonal
  ManageInternalEndpoint: typeof tcrEndpoints.manageInternalEndpoint
  ManageReplication: typeof tcrSync.manageReplication
  MigratePersonalNamespace: typeof entrepotPersonal.migratePersonalNamespace
  ModifyAccount: typeof entrepotAccounts.modifyAccount
  ModifyApplicationTriggerPersonal: typeof tcrPersonalTriggers.modifyApplicationTriggerPersonal
  ModifyAuditForwarding: typeof entrepotAudit.modifyAuditForwarding
  ModifyAuditRetention: typeof entrepotAudit.modifyAuditRetention
  ModifyCertificateAlias: typeof sslCertificates.modifyCertificateAlias
  ModifyImmutableTagRules: typeof tcrImmutability.modifyImmutableTagRules
  ModifyInstance: typeof tcrInstances.modifyInstance
  ModifyInstanceAnonymousAccess: typeof entrepotInstances.modifyInstanceAnonymousAccess
  ModifyInstanceQuota: typeof entrepotInstances.modifyInstanceQuota
  ModifyInstanceStorage: typeof tcrInstances.modifyInstanceStorage
  ModifyInstanceToken: typeof tcrCredentials.modifyInstanceToken
  ModifyNamespace: typeof tcrNamespaces.modifyNamespace
  ModifyNamespaceQuota: typeof entrepotInstances.modifyNamespaceQuota
  ModifyNamespaceUntagged: typeof entrepotRetention.modifyNamespaceUntagged
  ModifyOidcProvider: typeof entrepotIdentityProviders.modifyOidcProvider
  ModifyPassword: typeof entrepotAccounts.modifyPassword
  ModifyQuotaPersonal: typeof entrepotPersonal.modifyQuotaPersonal
  ModifyRecycleBin: typeof entrepotRecycleBin.modifyRecycleBin
  ModifyReplication: typeof tcrSync.modifyReplication
  ModifyRepository: typeof tcrRepositories.modifyRepository
  ModifyRepositoryAccessPersonal: typeof tcrPersonalRepositories.modifyRepositoryAccessPersonal
  ModifyRepositoryInfoPersonal: typeof tcrPersonalRepositories.modifyRepositoryInfoPersonal
  ModifyResourceTags: typeof tagTags.modifyResourceTags
  ModifySecurityPolicy: typeof tcrSecurityPolicies.modifySecurityPolicy
  ModifyServiceAccount: typeof tcrCredentials.modifyServiceAccount
  ModifyServiceAccountPassword: typeof tcrCredentials.modifyServiceAccountPassword
  ModifyStorageBackend: typeof entrepotStorageBackends.modifyStorageBackend
  ModifyTagRetentionRule: typeof tcrRetention.modifyTagRetentionRule
  ModifyTokenExchangeRule: typeof entrepotTokenExchange.modifyTokenExchangeRule
  ModifyUserPasswordPersonal: typeof tcrPersonalAccounts.modifyUserPasswordPersonal
  ModifyUserState: typeof entrepotUsers.modifyUserState
  ModifyWebhookTrigger: typeof tcrWebhooks.modifyWebhookTrigger
  ModifyWebhookTriggerOptions: typeof entrepotWebhooks.modifyWebhookTriggerOptions
  MoveTagBack: typeof entrepotRecycleBin.moveTagBack
  PurgeDeletion: typeof entrepotRecycleBin.purgeDeletion
  PutRolePermissionsBoundary: typeof camBoundaries.putRolePermissionsBoundary
  PutUserPermissionsBoundary: typeof camBoundaries.putUserPermissionsBoundary
  QueryApiKey: typeof stsSts.queryApiKey
  RedeliverWebhook: typeof entrepotWebhooks.redeliverWebhook
  RegenerateRecoveryCodes: typeof entrepotMfa.regenerateRecoveryCodes
  RemoveUserFromGroup: typeof camGroups.removeUserFromGroup
  RenewInstance: typeof tcrInstances.renewInstance
  ResetAccountPassword: typeof entrepotAccounts.resetAccountPassword
  RestoreDeletion: typeof entrepotRecycleBin.restoreDeletion
  RetryJob: typeof entrepotJobs.retryJob
  RotateWebhookSecret: typeof entrepotWebhooks.rotateWebhookSecret
  ScheduleKeyDeletion: typeof kmsKeys.scheduleKeyDeletion
  SetDefaultPolicyVersion: typeof camPolicies.setDefaultPolicyVersion
  SetMfaFlag: typeof camLoginSecurity.setMfaFlag
  SignByAsymmetricKey: typeof kmsCryptography.signByAsymmetricKey
  SimulatePolicy: typeof entrepotPolicies.simulatePolicy
  StopTagRetentionExecution: typeof entrepotRetention.stopTagRetentionExecution
  SwitchOnWebhookTarget: typeof entrepotWebhooks.switchOnWebhookTarget
  TagResources: typeof tagTags.tagResources
  TagRole: typeof camRoles.tagRole
  TerminateGCJob: typeof tcrGc.terminateGCJob
  TestWebhookTarget: typeof entrepotWebhooks.testWebhookTarget
  UnTagResources: typeof tagTags.unTagResources
  UnlockUser: typeof entrepotAccounts.unlockUser
  UntagRole: typeof camRoles.untagRole
  UpdateAccessKey: typeof camAccessKeys.updateAccessKey
  UpdateAlias: typeof kmsKeys.updateAlias
  UpdateAssumeRolePolicy: typeof camRoles.updateAssumeRolePolicy
  UpdateGroup: typeof camGroups.updateGroup
  UpdateKeyDescription: typeof kmsKeys.updateKeyDescription
  UpdateOIDCConfig: typeof camIdentityProviders.updateOidcConfig
  UpdatePasswordRules: typeof camLoginSecurity.updatePasswordRules
  UpdatePolicy: typeof camPolicies.updatePolicy
  UpdateRoleConsoleLogin: typeof camRoles.updateRoleConsoleLogin
  UpdateRoleDescription: typeof camRoles.updateRoleDescription
  UpdateRoleSessionDuration: typeof camRoles.updateRoleSessionDuration
  UpdateSAMLProvider: typeof camIdentityProviders.updateSamlProvider
  UpdateUser: typeof camUsers.updateUser
  UpdateUserOIDCConfig: typeof camIdentityProviders.updateUserOidcConfig
  UpdateUserSAMLConfig: typeof camIdentityProviders.updateUserSamlConfig
  UploadCertificate: typeof sslCertificates.uploadCertificate
  ValidateNamespaceExistPersonal: typeof tcrPersonalNamespaces.validateNamespaceExistPersonal
  ValidateRepositoryExistPersonal: typeof tcrPersonalRepositories.validateRepositoryExistPersonal
  VerifyByAsymmetricKey: typeof kmsCryptography.verifyByAsymmetricKey
}

export const products = {
  ActivateMfaDevice: 'entrepot',
  AddUser: 'cam',
  AddUserToGroup: 'cam',
  AssumeRole: 'sts',
  AssumeRoleWithSAML: 'sts',
  AssumeRoleWithWebIdentity: 'sts',
  AsymmetricRsaDecrypt: 'kms',
  AsymmetricSm2Decrypt: 'kms',
  AttachGroupPolicy: 'cam',
  AttachRolePolicy: 'cam',
  AttachUserPolicy: 'cam',
  BatchDeleteImagePersonal: 'tcr',
  BatchDeleteRepositoryPersonal: 'tcr',
  CancelInstanceStorageMove: 'entrepot',
  CancelJob: 'entrepot',
  CancelKeyDeletion: 'kms',
  CheckInstance: 'tcr',
  CheckInstanceName: 'tcr',
  CreateAccessKey: 'cam',
  CreateAccount: 'entrepot',
  CreateApplicationTriggerPersonal: 'tcr',
  CreateAuditForwarding: 'entrepot',
  CreateAuditTrack: 'cloudaudit',
  CreateFavorRepositoryPersonal: 'entrepot',
  CreateGCJob: 'tcr',
  CreateGroup: 'cam',
  CreateHelmChart: 'entrepot',
  CreateHelmChartKey: 'entrepot',
  CreateImageAccelerationService: 'tcr',
  CreateImmutableTagRules: 'tcr',
  CreateInstance: 'tcr',
  CreateInstanceCustomizedDomain: 'tcr',
  CreateInstanceToken: 'tcr',
  CreateInternalEndpointDns: 'tcr',
  CreateKey: 'kms',
  CreateMfaDevice: 'entrepot',
  CreateMultipleSecurityPolicy: 'tcr',
  CreateNamespace: 'tcr',
  CreateNamespacePersonal: 'tcr',
  CreateOIDCConfig: 'cam',
  CreateOidcProvider: 'entrepot',
  CreatePolicy: 'cam',
  CreatePolicyVersion: 'cam',
  CreateReplicationInstance: 'tcr',
  CreateRepository: 'tcr',
  CreateRepositoryDeletionJob: 'entrepot',
  CreateRepositoryPersonal: 'tcr',
  CreateRole: 'cam',
  CreateSAMLProvider: 'cam',
  CreateSecurityPolicy: 'tcr',
  CreateServiceAccount: 'tcr',
  CreateServiceLinkedRole: 'cam',
  CreateSignature: 'tcr',
  CreateSignaturePolicy: 'tcr',
  CreateStorageBackend: 'entrepot',
  CreateSubAccountLoginIpPolicy: 'cam',
  CreateTag: 'tag',
  CreateTagDeletionJob: 'entrepot',
  CreateTagRetentionExecution: 'tcr',
  CreateTagRetentionRule: 'tcr',
  CreateTokenExchangeRule: 'entrepot',
  CreateUserOIDCConfig: 'cam',
  CreateUserPersonal: 'tcr',
  CreateUserSAMLConfig: 'cam',
  CreateWebhookTrigger: 'tcr',
  Decrypt: 'kms',
  DeleteAIModel: 'tcr',
  DeleteAccessKey: 'cam',
  DeleteAccount: 'entrepot',
  DeleteApplicationTriggerPersonal: 'tcr',
  DeleteAuditForwarding: 'entrepot',
  DeleteCertificate: 'ssl',
  DeleteFavorRepositoryPersonal: 'entrepot',
  DeleteGroup: 'cam',
  DeleteHelmChart: 'entrepot',
  DeleteHelmChartKey: 'entrepot',
  DeleteHelmChartVersions: 'entrepot',
  DeleteImage: 'tcr',
  DeleteImageAccelerateService: 'tcr',
  DeleteImageLifecycleGlobalPersonal: 'tcr',
  DeleteImagePersonal: 'tcr',
  DeleteImmutableTagRules: 'tcr',
  DeleteInstance: 'tcr',
  DeleteInstanceCustomizedDomain: 'tcr',
  DeleteInstanceToken: 'tcr',
  DeleteInternalEndpointDns: 'tcr',
  DeleteManifest: 'entrepot',
  DeleteMfaDevice: 'entrepot',
  DeleteMultipleSecurityPolicy: 'tcr',
  DeleteNamespace: 'tcr',
  DeleteNamespacePersonal: 'tcr',
  DeleteOIDCConfig: 'cam',
  DeleteOidcProvider: 'entrepot',
  DeletePermanently: 'entrepot',
  DeletePolicy: 'cam',
  DeletePolicyVersion: 'cam',
  DeleteReplicationInstance: 'tcr',
  DeleteReplicationRule: 'tcr',
  DeleteRepository: 'tcr',
  DeleteRepositoryPersonal: 'tcr',
  DeleteRepositoryTags: 'tcr',
  DeleteRole: 'cam',
  DeleteRolePermissionsBoundary: 'cam',
  DeleteSAMLProvider: 'cam',
  DeleteSecurityPolicy: 'tcr',
  DeleteServiceAccount: 'tcr',
  DeleteServiceLinkedRole: 'cam',
  DeleteSession: 'entrepot',
  DeleteSignaturePolicy: 'tcr',
  DeleteSkill: 'tcr',
  DeleteStorageBackend: 'entrepot',
  DeleteTag: 'tag',
  DeleteTagRetentionRule: 'tcr',
  DeleteTokenExchangeRule: 'entrepot',
  DeleteUser: 'cam',
  DeleteUserPermissionsBoundary: 'cam',
  DeleteUserSessions: 'entrepot',
  DeleteWebhookTrigger: 'tcr',
  DescribeAIModelVersionDetail: 'tcr',
  DescribeAccounts: 'entrepot',
  DescribeActivity: 'entrepot',
  DescribeApplicationTriggerLogPersonal: 'tcr',
  DescribeApplicationTriggerPersonal: 'tcr',
  DescribeAuditForwardings: 'entrepot',
  DescribeAuditRetention: 'entrepot',
  DescribeAuditTracks: 'cloudaudit',
  DescribeCertificateDetail: 'ssl',
  DescribeCertificates: 'ssl',
  DescribeChartDownloadInfo: 'tcr',
  DescribeCredentialDeletion: 'entrepot',
  DescribeCredentialUse: 'entrepot',
  DescribeDeletion: 'entrepot',
  DescribeDeletions: 'entrepot',
  DescribeDeployment: 'entrepot',
  DescribeEvents: 'cloudaudit',
  DescribeExternalEndpointStatus: 'tcr',
  DescribeFavorRepositoryPersonal: 'tcr',
  DescribeGCJobs: 'tcr',
  DescribeHelmChart: 'entrepot',
  DescribeHelmChartFile: 'entrepot',
  DescribeHelmChartKeys: 'entrepot',
  DescribeHelmChartUpload: 'entrepot',
  DescribeHelmChartVersions: 'entrepot',
  DescribeHelmCharts: 'entrepot',
  DescribeImageAccelerateService: 'tcr',
  DescribeImageFilterPersonal: 'tcr',
  DescribeImageLifecycleGlobalPersonal: 'tcr',
  DescribeImageLifecyclePersonal: 'tcr',
  DescribeImageManifests: 'tcr',
  DescribeImagePersonal: 'tcr',
  DescribeImages: 'tcr',
  DescribeImmutabilityCoverage: 'entrepot',
  DescribeImmutableTagRules: 'tcr',
  DescribeInstanceAllNamespaces: 'tcr',
  DescribeInstanceAnonymousAccess: 'entrepot',
  DescribeInstanceCustomizedDomain: 'tcr',
  DescribeInstanceQuota: 'entrepot',
  DescribeInstanceStatistics: 'entrepot',
  DescribeInstanceStatus: 'tcr',
  DescribeInstanceStorageMove: 'entrepot',
  DescribeInstanceToken: 'tcr',
  DescribeInstances: 'tcr',
  DescribeInternalEndpointDnsStatus: 'tcr',
  DescribeInternalEndpoints: 'tcr',
  DescribeJob: 'entrepot',
  DescribeJobs: 'entrepot',
  DescribeKey: 'kms',
  DescribeKeys: 'kms',
  DescribeManifest: 'entrepot',
  DescribeManifestDeletion: 'entrepot',
  DescribeMfaDevice: 'entrepot',
  DescribeNamespaceDeletion: 'entrepot',
  DescribeNamespacePersonal: 'tcr',
  DescribeNamespaceQuota: 'entrepot',
  DescribeNamespaceRetention: 'entrepot',
  DescribeNamespaceStatistics: 'entrepot',
  DescribeNamespaces: 'tcr',
  DescribeOIDCConfig: 'cam',
  DescribeOidcProviders: 'entrepot',
  DescribeOverview: 'entrepot',
  DescribeOwnAccount: 'entrepot',
  DescribeOwnRights: 'entrepot',
  DescribePersonNames: 'entrepot',
  DescribePersonalNamespaceMigrations: 'entrepot',
  DescribeQuotaPersonal: 'entrepot',
  DescribeReclaimableSpace: 'entrepot',
  DescribeRecycleBin: 'entrepot',
  DescribeReferrers: 'entrepot',
  DescribeRefusals: 'entrepot',
  DescribeRegions: 'tcr',
  DescribeReplicationExecutions: 'tcr',
  DescribeReplicationInstanceCreateTasks: 'tcr',
  DescribeReplicationInstanceSyncStatus: 'tcr',
  DescribeReplicationInstances: 'tcr',
  DescribeReplicationPolicies: 'tcr',
  DescribeReplicationTasks: 'tcr',
  DescribeRepositories: 'tcr',
  DescribeRepositoryDeletion: 'entrepot',
  DescribeRepositoryFilterPersonal: 'tcr',
  DescribeRepositoryManifests: 'entrepot',
  DescribeRepositoryOwnerPersonal: 'tcr',
  DescribeRepositoryPersonal: 'tcr',
  DescribeRepositoryStatistics: 'entrepot',
  DescribeRepositoryTags: 'entrepot',
  DescribeResourceTags: 'tag',
  DescribeResourceTagsByResourceIds: 'tag',
  DescribeRetentionFates: 'entrepot',
  DescribeRetentionPreview: 'entrepot',
  DescribeRetentionRuns: 'entrepot',
  DescribeRoleList: 'cam',
  DescribeSafeAuthFlag: 'cam',
  DescribeSafeAuthFlagColl: 'cam',
  DescribeSecurityGroupPolicies: 'vpc',
  DescribeSecurityGroups: 'vpc',
  DescribeSecurityPolicies: 'tcr',
  DescribeServiceAccounts: 'tcr',
  DescribeSessions: 'entrepot',
  DescribeSkillDetail: 'tcr',
  DescribeSkillDownloadInfo: 'tcr',
  DescribeSpaceUsage: 'entrepot',
  DescribeStorageBackends: 'entrepot',
  DescribeStorageCleanupItems: 'entrepot',
  DescribeStorageCleanups: 'entrepot',
  DescribeSubAccountLoginIpPolicy: 'entrepot',
  DescribeSubAccounts: 'cam',
  DescribeSubnets: 'vpc',
  DescribeSystem: 'entrepot',
  DescribeTagDeletion: 'entrepot',
  DescribeTagHistory: 'entrepot',
  DescribeTagKeys: 'tag',
  DescribeTagRetentionExecution: 'tcr',
  DescribeTagRetentionExecutionTask: 'tcr',
  DescribeTagRetentionRules: 'tcr',
  DescribeTagValues: 'tag',
  DescribeTags: 'tag',
  DescribeTagsOfDigest: 'entrepot',
  DescribeTokenExchangeRules: 'entrepot',
  DescribeUsage: 'entrepot',
  DescribeUserDeletion: 'entrepot',
  DescribeUserLogin: 'entrepot',
  DescribeUserOIDCConfig: 'cam',
  DescribeUserQuotaPersonal: 'tcr',
  DescribeUserSAMLConfig: 'cam',
  DescribeUsers: 'entrepot',
  DescribeVpcs: 'vpc',
  DescribeWebhookConditionMatch: 'entrepot',
  DescribeWebhookDeliveries: 'entrepot',
  DescribeWebhookDelivery: 'entrepot',
  DescribeWebhookTrigger: 'tcr',
  DescribeWebhookTriggerDetails: 'entrepot',
  DescribeWebhookTriggerLog: 'tcr',
  DetachGroupPolicy: 'cam',
  DetachRolePolicy: 'cam',
  DetachUserPolicy: 'cam',
  DisableKey: 'kms',
  DisableKeyRotation: 'kms',
  DisableUserSSO: 'cam',
  DownloadHelmChart: 'tcr',
  DuplicateImage: 'tcr',
  DuplicateImagePersonal: 'tcr',
  EmptyRecycleBin: 'entrepot',
  EnableKey: 'kms',
  EnableKeyRotation: 'kms',
  Encrypt: 'kms',
  ExchangeToken: 'entrepot',
  ExportAuditEvents: 'entrepot',
  GenerateDataKey: 'kms',
  GetAccountSummary: 'cam',
  GetCallerIdentity: 'sts',
  GetFederationToken: 'sts',
  GetGroup: 'cam',
  GetKeyRotationStatus: 'kms',
  GetPasswordRules: 'cam',
  GetPolicy: 'cam',
  GetPolicyVersion: 'cam',
  GetPublicKey: 'kms',
  GetResources: 'tag',
  GetRole: 'cam',
  GetRolePermissionBoundary: 'cam',
  GetSAMLProvider: 'cam',
  GetSecurityLastUsed: 'cam',
  GetServiceLinkedRoleDeletionStatus: 'cam',
  GetSessionToken: 'sts',
  GetUser: 'cam',
  GetUserAppId: 'cam',
  GetUserPermissionBoundary: 'cam',
  ListAIModelVersions: 'tcr',
  ListAIModels: 'tcr',
  ListAccessKeys: 'cam',
  ListAccounts: 'cam',
  ListAlgorithms: 'kms',
  ListAttachedGroupPolicies: 'cam',
  ListAttachedRolePolicies: 'cam',
  ListAttachedUserAllPolicies: 'cam',
  ListAttachedUserPolicies: 'cam',
  ListCollaborators: 'cam',
  ListEntitiesForPolicy: 'cam',
  ListGroups: 'cam',
  ListGroupsForUser: 'cam',
  ListKeyDetail: 'kms',
  ListKeys: 'kms',
  ListPolicies: 'cam',
  ListPoliciesGrantingServiceAccess: 'cam',
  ListPolicyVersions: 'cam',
  ListSAMLProviders: 'cam',
  ListSkillVersions: 'tcr',
  ListSkills: 'tcr',
  ListUsers: 'cam',
  ListUsersForGroup: 'cam',
  LookUpEvents: 'cloudaudit',
  LookUpResources: 'entrepot',
  ManageExternalEndpoint: 'tcr',
  ManageImageLifecycleGlobalPersonal: 'tcr',
  ManageInternalEndpoint: 'tcr',
  ManageReplication: 'tcr',
  MigratePersonalNamespace: 'entrepot',
  ModifyAccount: 'entrepot',
  ModifyApplicationTriggerPersonal: 'tcr',
  ModifyAuditForwarding: 'entrepot',
  ModifyAuditRetention: 'entrepot',
  ModifyCertificateAlias: 'ssl',
  ModifyImmutableTagRules: 'tcr',
  ModifyInstance: 'tcr',
  ModifyInstanceAnonymousAccess: 'entrepot',
  ModifyInstanceQuota: 'entrepot',
  ModifyInstanceStorage: 'tcr',
  ModifyInstanceToken: 'tcr',
  ModifyNamespace: 'tcr',
  ModifyNamespaceQuota: 'entrepot',
  ModifyNamespaceUntagged: 'entrepot',
  ModifyOidcProvider: 'entrepot',
  ModifyPassword: 'entrepot',
  ModifyQuotaPersonal: 'entrepot',
  ModifyRecycleBin: 'entrepot',
  ModifyReplication: 'tcr',
  ModifyRepository: 'tcr',
  ModifyRepositoryAccessPersonal: 'tcr',
  ModifyRepositoryInfoPersonal: 'tcr',
  ModifyResourceTags: 'tag',
  ModifySecurityPolicy: 'tcr',
  ModifyServiceAccount: 'tcr',
  ModifyServiceAccountPassword: 'tcr',
  ModifyStorageBackend: 'entrepot',
  ModifyTagRetentionRule: 'tcr',
  ModifyTokenExchangeRule: 'entrepot',
  ModifyUserPasswordPersonal: 'tcr',
  ModifyUserState: 'entrepot',
  ModifyWebhookTrigger: 'tcr',
  ModifyWebhookTriggerOptions: 'entrepot',
  MoveTagBack: 'entrepot',
  PurgeDeletion: 'entrepot',
  PutRolePermissionsBoundary: 'cam',
  PutUserPermissionsBoundary: 'cam',
  QueryApiKey: 'sts',
  RedeliverWebhook: 'entrepot',
  RegenerateRecoveryCodes: 'entrepot',
  RemoveUserFromGroup: 'cam',
  RenewInstance: 'tcr',
  ResetAccountPassword: 'entrepot',
  RestoreDeletion: 'entrepot',
  RetryJob: 'entrepot',
  RotateWebhookSecret: 'entrepot',
  ScheduleKeyDeletion: 'kms',
  SetDefaultPolicyVersion: 'cam',
  SetMfaFlag: 'cam',
  SignByAsymmetricKey: 'kms',
  SimulatePolicy: 'entrepot',
  StopTagRetentionExecution: 'entrepot',
  SwitchOnWebhookTarget: 'entrepot',
  TagResources: 'tag',
  TagRole: 'cam',
  TerminateGCJob: 'tcr',
  TestWebhookTarget: 'entrepot',
  UnTagResources: 'tag',
  UnlockUser: 'entrepot',
  UntagRole: 'cam',
  UpdateAccessKey: 'cam',
  UpdateAlias: 'kms',
  UpdateAssumeRolePolicy: 'cam',
  UpdateGroup: 'cam',
  UpdateKeyDescription: 'kms',
  UpdateOIDCConfig: 'cam',
  UpdatePasswordRules: 'cam',
  UpdatePolicy: 'cam',
  UpdateRoleConsoleLogin: 'cam',
  UpdateRoleDescription: 'cam',
  UpdateRoleSessionDuration: 'cam',
  UpdateSAMLProvider: 'cam',
  UpdateUser: 'cam',
  UpdateUserOIDCConfig: 'cam',
  UpdateUserSAMLConfig: 'cam',
  UploadCertificate: 'ssl',
  ValidateNamespaceExistPersonal: 'tcr',
  ValidateRepositoryExistPersonal: 'tcr',
  VerifyByAsymmetricKey: 'kms',
} as const satisfies Record<keyof Actions, string>

/** Lists that count pages from 1, and the field that holds the size of one. The others have Offset and Limit. */
export const pageSizeFields: { readonly [name in keyof Actions]?: string } = {
  DescribeImmutableTagRules: 'PageSize',
  DescribeReplicationExecutions: 'PageSize',
  DescribeReplicationPolicies: 'PageSize',
  DescribeReplicationTasks: 'PageSize',
  DescribeRoleList: 'Rp',
  ListAttachedGroupPolicies: 'Rp',
  ListAttachedRolePolicies: 'Rp',
  ListAttachedUserAllPolicies: 'Rp',
  ListAttachedUserPolicies: 'Rp',
  ListEntitiesForPolicy: 'Rp',
  ListGroups: 'Rp',
  ListGroupsForUser: 'Rp',
  ListPolicies: 'Rp',
  ListUsersForGroup: 'Rp',
}
