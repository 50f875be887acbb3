// The function app: Flex Consumption, .NET 10 isolated, in the network, with its identity for everything.
param location string
param tags object
param names object
param identity object
param subnetId string
param storageName string
param deploymentContainer string
param vaultUri string
param insightsConnectionString string
param scriptRunnerUrl string
param serviceBusHost string
param webOrigins array
param workersRange string
param chainDays int
param scriptKilobytes int

var url = 'https://${names.functionApp}.azurewebsites.net'
var blobUri = 'https://${storageName}.blob.${environment().suffixes.storage}'
var queueUri = 'https://${storageName}.queue.${environment().suffixes.storage}'
var tableUri = 'https://${storageName}.table.${environment().suffixes.storage}'

// A setting that the vault holds; the platform reads it with the app's identity and follows new versions by itself.
func secret(vault string, name string) string => '@Microsoft.KeyVault(SecretUri=${vault}secrets/${name})'

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: names.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: names.functionApp
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: subnetId
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobUri}/${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: 100
        instanceMemoryMB: 2048
        alwaysReady: [{ name: 'http', instanceCount: 1 }]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
      ftpsState: 'Disabled'
      cors: { allowedOrigins: webOrigins, supportCredentials: false }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.clientId
    AZURE_CLIENT_ID: identity.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
    APPLICATIONINSIGHTS_STATSBEAT_DISABLED: 'true'
    OTEL_SERVICE_NAME: 'click-to-dial-functions'
    AppStorage__TableServiceUri: tableUri
    AppStorage__QueueServiceUri: queueUri
    AppStorage__BlobServiceUri: blobUri
    EventBus__FullyQualifiedNamespace: serviceBusHost
    // Of the two functions that take events, the one of the queue that is not used.
    AzureWebJobs_ProcessCallEvent_Disabled: 'true'
    // What the references below name is read from the vault at the start; from then on the app looks there by itself, and takes new
    // values without a restart.
    Secrets__VaultUri: vaultUri
    Secrets__EverySeconds: '240'
    Directory__EncryptionKey: secret(vaultUri, 'directory-encryption-key')
    Directory__PreviousEncryptionKeys__0: secret(vaultUri, 'directory-encryption-key-a')
    Directory__PreviousEncryptionKeys__1: secret(vaultUri, 'directory-encryption-key-b')
    // What is only checked here has two places, of which scripts/rotate fills the one that nobody shows.
    Directory__WorkerTokens__0: secret(vaultUri, 'worker-token-a')
    Directory__WorkerTokens__1: secret(vaultUri, 'worker-token-b')
    Sessions__Issuer: url
    Sessions__SigningKeys__0: secret(vaultUri, 'session-signing-key')
    Sessions__SigningKeys__1: secret(vaultUri, 'session-signing-key-a')
    Sessions__SigningKeys__2: secret(vaultUri, 'session-signing-key-b')
    Hooks__Secrets__0: secret(vaultUri, 'hook-secret-a')
    Hooks__Secrets__1: secret(vaultUri, 'hook-secret-b')
    // The platform hands requests on by this machine; logins of pages come by way of the workers.
    Access__TrustedProxies__0: '127.0.0.0/8'
    Access__TrustedProxies__1: workersRange
    // Workers come and go, and say themselves where they are.
    Worker__Discover: 'true'
    Worker__DiscoverNetworks__0: workersRange
    Worker__ControlToken: secret(vaultUri, 'worker-control-token')
    ScriptRunner__Url: scriptRunnerUrl
    ScriptRunner__Token: secret(vaultUri, 'script-runner-token')
    Scripts__MostKilobytes: string(scriptKilobytes)
    Chains__KeepDays: string(chainDays)
    Webhooks__PbxTokens__0: secret(vaultUri, 'worker-pbx-token-a')
    Webhooks__PbxTokens__1: secret(vaultUri, 'worker-pbx-token-b')
  }
}

output url string = url
