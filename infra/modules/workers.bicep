// The workers: virtual machines with an address of their own each, because sound must reach the very one that has the call.
// Each tells the functions its own inner address; the balancer only looks whether they live, for repairs. A machine that is to go is told so 15 minutes before, and drains.
param location string
param tags object
param names object
param identityId string
param identityClientId string
param subnetId string
param securityGroupId string
param size string
param count { least: int, most: int }
param sshPublicKey string
param image string
param registryHost string
param vaultUri string
param functionsUrl string
param insightsConnectionString string
param insightsId string

var controlPort = 8080
var callsToGrow = 1400
var callsToShrink = 400
var start = loadTextContent('../scripts/worker-start.yaml')
var values = [
  ['{{image}}', image]
  ['{{registry}}', registryHost]
  ['{{vault}}', vaultUri]
  ['{{client}}', identityClientId]
  ['{{functions}}', functionsUrl]
  ['{{insights}}', insightsConnectionString]
]
var cloudInit = reduce(values, start, (text, pair) => replace(text, pair[0], pair[1]))

resource balancer 'Microsoft.Network/loadBalancers@2024-07-01' = {
  name: names.workerBalancer
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    frontendIPConfigurations: [{ name: 'control', properties: { subnet: { id: subnetId }, privateIPAllocationMethod: 'Dynamic' } }]
    backendAddressPools: [{ name: 'workers' }]
    probes: [
      {
        name: 'ready'
        properties: { protocol: 'Http', port: controlPort, requestPath: '/healthz', intervalInSeconds: 5, probeThreshold: 2 }
      }
    ]
    loadBalancingRules: [
      {
        name: 'control'
        properties: {
          protocol: 'Tcp'
          frontendPort: controlPort
          backendPort: controlPort
          frontendIPConfiguration: { id: resourceId('Microsoft.Network/loadBalancers/frontendIPConfigurations', names.workerBalancer, 'control') }
          backendAddressPool: { id: resourceId('Microsoft.Network/loadBalancers/backendAddressPools', names.workerBalancer, 'workers') }
          probe: { id: resourceId('Microsoft.Network/loadBalancers/probes', names.workerBalancer, 'ready') }
          idleTimeoutInMinutes: 4
          enableTcpReset: true
        }
      }
    ]
  }
}

resource scaleSet 'Microsoft.Compute/virtualMachineScaleSets@2024-11-01' = {
  name: names.workers
  location: location
  tags: tags
  sku: { name: size, capacity: count.least }
  zones: ['1', '2', '3']
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    orchestrationMode: 'Uniform'
    overprovision: false
    zoneBalance: false
    upgradePolicy: { mode: 'Manual' }
    scaleInPolicy: { rules: ['OldestVM'], forceDeletion: false }
    automaticRepairsPolicy: { enabled: true, gracePeriod: 'PT10M' }
    virtualMachineProfile: {
      scheduledEventsProfile: { terminateNotificationProfile: { enable: true, notBeforeTimeout: 'PT15M' } }
      securityProfile: { securityType: 'TrustedLaunch', uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } }
      storageProfile: {
        imageReference: { publisher: 'Debian', offer: 'debian-12', sku: '12-gen2', version: 'latest' }
        osDisk: { createOption: 'FromImage', caching: 'ReadWrite', diskSizeGB: 64, managedDisk: { storageAccountType: 'Premium_LRS' } }
      }
      osProfile: {
        computerNamePrefix: 'worker'
        adminUsername: 'operator'
        customData: base64(cloudInit)
        linuxConfiguration: {
          disablePasswordAuthentication: true
          provisionVMAgent: true
          ssh: { publicKeys: [{ path: '/home/operator/.ssh/authorized_keys', keyData: sshPublicKey }] }
        }
      }
      networkProfile: {
        healthProbe: { id: resourceId('Microsoft.Network/loadBalancers/probes', names.workerBalancer, 'ready') }
        networkInterfaceConfigurations: [
          {
            name: 'primary'
            properties: {
              primary: true
              enableAcceleratedNetworking: true
              networkSecurityGroup: { id: securityGroupId }
              ipConfigurations: [
                {
                  name: 'primary'
                  properties: {
                    primary: true
                    subnet: { id: subnetId }
                    loadBalancerBackendAddressPools: [
                      { id: resourceId('Microsoft.Network/loadBalancers/backendAddressPools', names.workerBalancer, 'workers') }
                    ]
                    publicIPAddressConfiguration: {
                      name: 'public'
                      sku: { name: 'Standard' }
                      properties: { idleTimeoutInMinutes: 30, publicIPAddressVersion: 'IPv4' }
                    }
                  }
                }
              ]
            }
          }
        ]
      }
    }
  }
  dependsOn: [balancer]
}

// By calls, not by processor: a worker is full when its calls are, and one that carries calls must not be taken for idle.
resource autoscale 'Microsoft.Insights/autoscalesettings@2022-10-01' = {
  name: names.autoscale
  location: location
  tags: tags
  properties: {
    enabled: true
    targetResourceUri: scaleSet.id
    profiles: [
      {
        name: 'calls'
        capacity: { minimum: string(count.least), maximum: string(count.most), default: string(count.least) }
        rules: [
          {
            metricTrigger: {
              metricName: 'clicktodial.calls.active'
              metricNamespace: 'azure.applicationinsights'
              metricResourceUri: insightsId
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT5M'
              timeAggregation: 'Average'
              operator: 'GreaterThan'
              threshold: callsToGrow
            }
            scaleAction: { direction: 'Increase', type: 'ChangeCount', value: '1', cooldown: 'PT5M' }
          }
          {
            metricTrigger: {
              metricName: 'clicktodial.calls.active'
              metricNamespace: 'azure.applicationinsights'
              metricResourceUri: insightsId
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT15M'
              timeAggregation: 'Average'
              operator: 'LessThan'
              threshold: callsToShrink
            }
            scaleAction: { direction: 'Decrease', type: 'ChangeCount', value: '1', cooldown: 'PT30M' }
          }
        ]
      }
    ]
  }
}
