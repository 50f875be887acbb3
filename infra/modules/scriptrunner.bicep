// The script runner: reached from inside only, nothing reached from it, no identity while it runs, none running when none is asked for.
param location string
param tags object
param names object
param subnetId string
param virtualNetworkId string
param imagesIdentityId string
param image string
param tokenSecretUris array
param workspaceName string

var port = 8090

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = { name: workspaceName }

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: names.scriptEnvironment
  location: location
  tags: tags
  properties: {
    vnetConfiguration: { infrastructureSubnetId: subnetId, internal: true }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    // Logs go through diagnostic settings, so that no key of the workspace is needed.
    appLogsConfiguration: { destination: 'azure-monitor' }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: environment
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource runner 'Microsoft.App/containerApps@2025-01-01' = {
  name: names.scriptRunner
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${imagesIdentityId}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: port, transport: 'http', allowInsecure: false }
      registries: [{ server: split(image, '/')[0], identity: imagesIdentityId }]
      // The last and the next token. New versions are fetched within half an hour, and the runner starts anew with them.
      secrets: [for (uri, i) in tokenSecretUris: { name: 'token-${i}', keyVaultUrl: uri, identity: imagesIdentityId }]
      // Fetches image and secret; code in the container cannot ask for its tokens.
      identitySettings: [{ identity: imagesIdentityId, lifecycle: 'None' }]
    }
    template: {
      containers: [
        {
          name: 'script-runner'
          image: image
          resources: { cpu: 1, memory: '2Gi' }
          env: [
            { name: 'SCRIPT_RUNNER_ADDRESS', value: '0.0.0.0' }
            { name: 'SCRIPT_RUNNER_PORT', value: string(port) }
            { name: 'SCRIPT_RUNNER_TOKENS', secretRef: 'token-0' }
            { name: 'SCRIPT_RUNNER_MORE_TOKENS', secretRef: 'token-1' }
          ]
          probes: [
            { type: 'Readiness', httpGet: { path: '/healthz', port: port }, periodSeconds: 5 }
            { type: 'Liveness', httpGet: { path: '/healthz', port: port }, periodSeconds: 20, failureThreshold: 3 }
          ]
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: 10
        rules: [{ name: 'runs', http: { metadata: { concurrentRequests: '8' } } }]
      }
    }
  }
}

// In an internal environment "external" means: from the whole network, not from the environment alone. Its name is known in here only.
resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: environment.properties.defaultDomain
  location: 'global'
  tags: tags
}

resource everything 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {
  parent: zone
  name: '*'
  properties: { ttl: 300, aRecords: [{ ipv4Address: environment.properties.staticIp }] }
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'network'
  location: 'global'
  tags: tags
  properties: { virtualNetwork: { id: virtualNetworkId }, registrationEnabled: false }
}

output url string = 'https://${runner.properties.configuration.ingress.fqdn}'
