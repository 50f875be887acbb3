// One network: functions, workers and scripts each in a subnet with the rules it needs and no others.
param location string
param tags object
param names object

@description('Networks that may send SIP to the workers.')
param sipSources array

// The worker's own defaults; a test holds them against its options.
var sipPort = '5060'
var sipTlsPort = '5061'
var wssPort = '443'
var controlPort = '8080'
var rtpPorts = '20000-29999'

var functionsRange = '10.20.0.0/24'
var workersRange = '10.20.1.0/24'
var scriptsRange = '10.20.2.0/23'

resource workersSecurityGroup 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: names.workersSecurityGroup
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'sip-udp'
        properties: {
          description: 'SIP of phones and trunks.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefixes: sipSources
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: sipPort
        }
      }
      {
        name: 'sip-tcp-tls'
        properties: {
          description: 'SIP over TCP and TLS.'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: sipSources
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRanges: [sipPort, sipTlsPort]
        }
      }
      {
        name: 'wss'
        properties: {
          description: 'SIP over secure WebSocket from browsers.'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: wssPort
        }
      }
      {
        name: 'rtp'
        properties: {
          description: 'Sound. Its sources are learned during a call, so they cannot be named here.'
          priority: 130
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Udp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: rtpPorts
        }
      }
      {
        name: 'control'
        properties: {
          description: 'Commands from the functions, and the balancer that passes them on.'
          priority: 140
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: functionsRange
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: controlPort
        }
      }
      {
        name: 'probe'
        properties: {
          description: 'Health, asked by the balancer.'
          priority: 150
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: controlPort
        }
      }
      {
        name: 'fellows'
        properties: {
          description: 'Workers, which call the phones that are registered with each other.'
          priority: 160
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: workersRange
          sourcePortRange: '*'
          destinationAddressPrefix: workersRange
          destinationPortRange: controlPort
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource innerSecurityGroup 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: names.innerSecurityGroup
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'nothing-in'
        properties: {
          description: 'The functions reach out through here; nothing reaches them this way.'
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource scriptsSecurityGroup 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: names.scriptsSecurityGroup
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'functions-in'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: functionsRange
          sourcePortRange: '*'
          destinationAddressPrefix: scriptsRange
          destinationPortRange: '443'
        }
      }
      {
        name: 'platform-in'
        properties: {
          description: 'The balancer of the container environment.'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: scriptsRange
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'platform-out'
        properties: {
          description: 'What the environment itself needs: its registry, its logs, its directory.'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: scriptsRange
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureCloud.${location}'
          destinationPortRange: '443'
        }
      }
      {
        name: 'inside'
        properties: {
          priority: 110
          direction: 'Outbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: scriptsRange
          sourcePortRange: '*'
          destinationAddressPrefix: scriptsRange
          destinationPortRange: '*'
        }
      }
      {
        name: 'nothing-out'
        properties: {
          description: 'Scripts have no network. This is the second wall; the first is that the sandbox offers none.'
          priority: 4000
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: names.virtualNetwork
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: functionsRange
          networkSecurityGroup: { id: innerSecurityGroup.id }
          serviceEndpoints: [{ service: 'Microsoft.Storage' }, { service: 'Microsoft.KeyVault' }, { service: 'Microsoft.ServiceBus' }]
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'workers'
        properties: {
          addressPrefix: workersRange
          networkSecurityGroup: { id: workersSecurityGroup.id }
          // Web: the functions see the inner address of a worker, and believe what it says of whom it asks for.
          serviceEndpoints: [{ service: 'Microsoft.KeyVault' }, { service: 'Microsoft.Web' }]
        }
      }
      {
        name: 'scripts'
        properties: {
          addressPrefix: scriptsRange
          networkSecurityGroup: { id: scriptsSecurityGroup.id }
          serviceEndpoints: [{ service: 'Microsoft.KeyVault' }]
          delegations: [{ name: 'containers', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
    ]
  }
}

output virtualNetworkId string = virtualNetwork.id
output functionsSubnetId string = '${virtualNetwork.id}/subnets/functions'
output workersSubnetId string = '${virtualNetwork.id}/subnets/workers'
output scriptsSubnetId string = '${virtualNetwork.id}/subnets/scripts'
output workersRange string = workersRange
output workersSecurityGroupId string = workersSecurityGroup.id
