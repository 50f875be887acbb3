// Everything Click to Dial needs in Azure, from an empty resource group. No secret is a parameter, an output or a setting:
// parts reach each other with identities, and what must be a secret is put into the vault by scripts/rotate and read there.
targetScope = 'resourceGroup'

@description('Environment in two to six small letters: part of every name.')
@minLength(2)
@maxLength(6)
param environmentName string

@description('Where everything is created.')
param location string = resourceGroup().location

@description('Who is told when an alert fires: e-mail addresses.')
param alertEmails array = []

@description('Public SSH key for the administrator of the workers. Nothing listens for it: no rule lets port 22 in.')
param workerSshPublicKey string

@description('Images, without tags: tags are given below, so that a deployment says what it runs.')
param imageTag string

@description('Least and most workers. Each carries two to three thousand calls.')
param workerCount { least: int, most: int } = { least: 1, most: 4 }

@description('Size of a worker.')
param workerSize string = 'Standard_D2ads_v6'

@description('Networks that may send SIP to the workers, such as those of the trunks. Phones and browsers anywhere need "*".')
param sipSources array = ['*']

@description('Service Bus in its own units with a fixed price, and private to the network, instead of shared ones.')
param premiumServiceBus bool = false

@description('Copies of storage in other zones or regions.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('Days that ended chains of buttons are kept.')
@minValue(1)
@maxValue(3650)
param chainDays int = 30

@description('Room for the values that the scripts of one domain keep, in kilobytes.')
@minValue(1)
@maxValue(65536)
param scriptKilobytes int = 4096

@description('Origins of the web pages that may call the functions, exact, without a path.')
param webOrigins array = []

@description('The foundation is what images and secrets are put into, before anything that uses them can start.')
@allowed(['foundation', 'everything'])
param stage string = 'everything'

var whole = stage == 'everything'
var tags = { application: 'click-to-dial', environment: environmentName }
var names = naming.outputs.names

module naming 'modules/names.bicep' = {
  name: 'names'
  params: { environmentName: environmentName }
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  params: { location: location, tags: tags, names: names }
}

module network 'modules/network.bicep' = {
  name: 'network'
  params: { location: location, tags: tags, names: names, sipSources: sipSources }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { location: location, tags: tags, names: names, logDays: logDays }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    location: location
    tags: tags
    names: names
    redundancy: storageRedundancy
    functionsSubnetId: network.outputs.functionsSubnetId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module serviceBus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  params: {
    location: location
    tags: tags
    names: names
    premium: premiumServiceBus
    functionsSubnetId: network.outputs.functionsSubnetId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    location: location
    tags: tags
    names: names
    subnetIds: [network.outputs.functionsSubnetId, network.outputs.workersSubnetId, network.outputs.scriptsSubnetId]
    workspaceId: monitoring.outputs.workspaceId
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: { location: location, tags: tags, names: names }
}

module access 'modules/rbac.bicep' = {
  name: 'rbac'
  params: {
    names: names
    functionsPrincipalId: identities.outputs.functions.principalId
    workersPrincipalId: identities.outputs.workers.principalId
    imagesPrincipalId: identities.outputs.images.principalId
  }
  dependsOn: [storage, serviceBus, vault, registry, monitoring]
}

module scriptRunner 'modules/scriptrunner.bicep' = if (whole) {
  name: 'scriptrunner'
  params: {
    location: location
    tags: tags
    names: names
    subnetId: network.outputs.scriptsSubnetId
    virtualNetworkId: network.outputs.virtualNetworkId
    imagesIdentityId: identities.outputs.images.id
    image: '${registry.outputs.loginServer}/script-runner:${imageTag}'
    tokenSecretUris: ['${vault.outputs.uri}secrets/script-runner-token-a', '${vault.outputs.uri}secrets/script-runner-token-b']
    workspaceName: monitoring.outputs.workspaceName
  }
  dependsOn: [access]
}

module functions 'modules/functions.bicep' = if (whole) {
  name: 'functions'
  params: {
    location: location
    tags: tags
    names: names
    identity: identities.outputs.functions
    subnetId: network.outputs.functionsSubnetId
    storageName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    workersRange: network.outputs.workersRange
    scriptRunnerUrl: scriptRunner.outputs.url
    serviceBusHost: serviceBus.outputs.host
    webOrigins: webOrigins
    chainDays: chainDays
    scriptKilobytes: scriptKilobytes
  }
  dependsOn: [access]
}

module workers 'modules/workers.bicep' = if (whole) {
  name: 'workers'
  params: {
    location: location
    tags: tags
    names: names
    identityId: identities.outputs.workers.id
    identityClientId: identities.outputs.workers.clientId
    subnetId: network.outputs.workersSubnetId
    securityGroupId: network.outputs.workersSecurityGroupId
    size: workerSize
    count: workerCount
    sshPublicKey: workerSshPublicKey
    image: '${registry.outputs.loginServer}/worker:${imageTag}'
    registryHost: registry.outputs.loginServer
    vaultUri: vault.outputs.uri
    functionsUrl: 'https://${names.functionApp}.azurewebsites.net'
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    insightsId: monitoring.outputs.insightsId
  }
  dependsOn: [access]
}

module alerts 'modules/alerts.bicep' = if (whole) {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    names: names
    emails: alertEmails
    insightsId: monitoring.outputs.insightsId
    serviceBusId: serviceBus.outputs.id
    vaultId: vault.outputs.id
  }
}

module workbook 'modules/workbook.bicep' = if (whole) {
  name: 'workbook'
  params: { location: location, tags: tags, names: names, workspaceId: monitoring.outputs.workspaceId }
}

output functionsUrl string = whole ? functions.outputs.url : ''
output functionAppName string = names.functionApp
output registryHost string = registry.outputs.loginServer
output registryName string = names.registry
output vaultName string = names.vault
output workerScaleSet string = names.workers
