// What wakes somebody. The runbook of each is in infra/README.md, under its name.
param location string
param tags object
param names object
param emails array
param insightsId string
param serviceBusId string
param vaultId string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: names.actionGroup
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'ClickToDial'
    enabled: true
    emailReceivers: [for (address, i) in emails: { name: 'mail-${i}', emailAddress: address, useCommonAlertSchema: true }]
  }
}

@description('Alerts from what the parts tell: a query, and how much of it is too much within the window.')
var queries = [
  {
    name: 'ingest-failures'
    description: 'Events from workers or PBXes could not be queued. They are repeated, so nothing is lost yet.'
    severity: 1
    query: 'customMetrics | where name == "clicktodial.ingest.failures" | summarize value = sum(valueSum)'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'calls-failing'
    description: 'More than a tenth of the calls fail for reasons that are ours or the network\'s.'
    severity: 2
    query: 'customMetrics | where name == "clicktodial.calls.ended" | extend result = tostring(customDimensions.result) | summarize failed = sumif(valueSum, result == "failed"), all = sum(valueSum) | where all >= 20 | project value = 100.0 * failed / all'
    threshold: 10
    window: 'PT15M'
  }
  {
    name: 'workers-full'
    description: 'A worker carries more than nine tenths of the calls it may.'
    severity: 1
    query: 'customMetrics | where name == "clicktodial.calls.load" | summarize value = max(value)'
    threshold: 90
    window: 'PT5M'
  }
  {
    name: 'queue-late'
    description: 'Events or deliveries wait for more than a minute in their queue.'
    severity: 2
    query: 'customMetrics | where name == "clicktodial.queue.age" | summarize value = max(valueMax) by queue = tostring(customDimensions.queue) | summarize value = max(value)'
    threshold: 60
    window: 'PT5M'
  }
  {
    // Told each minute: who is silent does not run.
    name: 'deliveries-stuck'
    description: 'A delivery that was due long ago lies in its queue, or nobody looks.'
    severity: 1
    query: 'customMetrics | where name == "clicktodial.queue.oldest" | summarize value = max(value) | extend value = coalesce(value, 100000.0)'
    threshold: 300
    window: 'PT15M'
  }
  {
    name: 'secrets-down'
    description: 'A part cannot read its secrets, or cannot use a new one, and goes on with the last ones.'
    severity: 2
    query: 'customMetrics | where name == "clicktodial.secrets.failing" | summarize value = max(value)'
    threshold: 0
    window: 'PT15M'
  }
  {
    // Counted each hour.
    name: 'secrets-unreadable'
    description: 'Stored rows are opened by none of the encryption keys.'
    severity: 2
    query: 'customMetrics | where name == "clicktodial.secrets.older" | where tostring(customDimensions.rows) == "unreadable" | summarize value = max(value)'
    threshold: 0
    window: 'PT2H'
  }
  {
    name: 'deliveries-failing'
    description: 'Webhooks to subscribers end in the dead letters.'
    severity: 2
    query: 'customMetrics | where name == "clicktodial.deliveries" | where tostring(customDimensions.outcome) == "dead" | summarize value = sum(valueSum)'
    threshold: 0
    window: 'PT15M'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in queries: {
    name: '${names.alert}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: 'value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [actionGroup.id] }
      autoMitigate: true
    }
  }
]

// What is told as messages are taken is silent when none is.
resource stuck 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${names.alert}-queue-stuck'
  location: 'global'
  tags: tags
  properties: {
    description: 'Events lie in the queue: they come faster than they are taken, or none is taken.'
    severity: 1
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'waiting'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'ActiveMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: 500
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${names.alert}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Events that could not be processed lie in the dead-letter queue.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'DeadletteredMessages'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}

// The vault tells of certificates and keys that are about to end: near expiry, which is 30 days before.
resource expiry 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: '${names.alert}-expiry'
  location: location
  tags: tags
  properties: { source: vaultId, topicType: 'Microsoft.KeyVault.vaults' }
}

resource expiryToMail 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: expiry
  name: 'near-expiry'
  properties: {
    destination: {
      endpointType: 'MonitorAlert'
      properties: { severity: 'Sev2', description: 'A certificate or key is about to expire.', actionGroups: [actionGroup.id] }
    }
    filter: { includedEventTypes: ['Microsoft.KeyVault.CertificateNearExpiry', 'Microsoft.KeyVault.SecretNearExpiry'] }
    eventDeliverySchema: 'CloudEventSchemaV1_0'
  }
}
