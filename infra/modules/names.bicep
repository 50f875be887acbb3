// The one place where things get their names: <kind>-ctd-<environment>-<mark>, the mark made from the resource group, so that
// names that must be unique in all of Azure are.
param environmentName string

var mark = substring(uniqueString(resourceGroup().id), 0, 6)
var base = 'ctd-${environmentName}-${mark}'
var flat = replace(base, '-', '')

output names object = {
  functionsIdentity: 'id-functions-${base}'
  workersIdentity: 'id-workers-${base}'
  imagesIdentity: 'id-images-${base}'
  virtualNetwork: 'vnet-${base}'
  workersSecurityGroup: 'nsg-workers-${base}'
  innerSecurityGroup: 'nsg-inner-${base}'
  scriptsSecurityGroup: 'nsg-scripts-${base}'
  workspace: 'log-${base}'
  insights: 'appi-${base}'
  storage: 'st${flat}'
  serviceBus: 'sb-${base}'
  vault: 'kv-${base}'
  registry: 'cr${flat}'
  plan: 'plan-${base}'
  functionApp: 'func-${base}'
  scriptEnvironment: 'cae-${base}'
  scriptRunner: 'ca-scripts-${base}'
  workers: 'vmss-${base}'
  workerBalancer: 'lbi-${base}'
  autoscale: 'scale-${base}'
  actionGroup: 'ag-${base}'
  alert: 'alert-${base}'
  workbook: guid(resourceGroup().id, environmentName, 'workbook')
}
