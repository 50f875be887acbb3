// For azd, which looks here. Everything comes from its environment; infra/environments has the choices of each of ours.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param workerSshPublicKey = readEnvironmentVariable('CTD_SSH_PUBLIC_KEY')
param imageTag = readEnvironmentVariable('CTD_IMAGE_TAG')
