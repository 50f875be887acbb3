using '../main.bicep'

param environmentName = 'prod'
param workerCount = { least: 2, most: 4 }
param storageRedundancy = 'Standard_GZRS'
param premiumServiceBus = true
param logDays = 90
// Given by whoever deploys: no key, address or version belongs into the repository.
param workerSshPublicKey = readEnvironmentVariable('CTD_SSH_PUBLIC_KEY')
param imageTag = readEnvironmentVariable('CTD_IMAGE_TAG')
param alertEmails = empty(readEnvironmentVariable('CTD_ALERT_EMAILS', '')) ? [] : split(readEnvironmentVariable('CTD_ALERT_EMAILS', ''), ',')
param webOrigins = empty(readEnvironmentVariable('CTD_WEB_ORIGINS', '')) ? [] : split(readEnvironmentVariable('CTD_WEB_ORIGINS', ''), ',')
