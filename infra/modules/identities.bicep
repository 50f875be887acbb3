// Who the parts are. The script runner has none on purpose: what runs other people's code may ask Azure for nothing. The third
// identity only lets the platform fetch its image.
param location string
param tags object
param names object


resource functionsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.functionsIdentity
  location: location
  tags: tags
}

resource workersIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.workersIdentity
  location: location
  tags: tags
}

resource imagesIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.imagesIdentity
  location: location
  tags: tags
}

output functions object = {
  id: functionsIdentity.id
  clientId: functionsIdentity.properties.clientId
  principalId: functionsIdentity.properties.principalId
}
output workers object = {
  id: workersIdentity.id
  clientId: workersIdentity.properties.clientId
  principalId: workersIdentity.properties.principalId
}
output images object = {
  id: imagesIdentity.id
  principalId: imagesIdentity.properties.principalId
}
