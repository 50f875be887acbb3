// Which settings each part gets: the only place of `dev up` that knows their names.

export function portsOf(environment) {
  const port = (name, fallback) => {
    const value = Number(environment[name] ?? fallback);
    if (!Number.isInteger(value) || value < 1 || value > 65535) throw new Error(`${name} is not a port: ${environment[name]}`);
    return value;
  };
  return {
    functions: port('CTD_FUNCTIONS_PORT', 7071),
    worker: port('CTD_WORKER_PORT', 8080),
    scripts: port('CTD_SCRIPTS_PORT', 8090),
    crm: port('CTD_CRM_PORT', 7080),
    sip: port('CTD_SIP_PORT', 5060),
    rtpFirst: port('CTD_RTP_FIRST', 20000),
    rtpLast: port('CTD_RTP_LAST', 29999),
    browser: port('CTD_BROWSER_PORT', 19998),
    azurite: port('CTD_AZURITE_PORT', 10000),
  };
}

/** SIP and RTP listen here; the web ports stay on this machine. */
export const addressOf = (environment) => environment.CTD_ADDRESS ?? '127.0.0.1';

export function functionsSettings(secrets, ports, seedFile) {
  const url = `http://127.0.0.1:${ports.functions}`;
  // Azurite's account and key are the same everywhere, documented, and worth nothing outside of it.
  const azurite = (service, port) => `${service}Endpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  const storage =
    'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;' +
    'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;' +
    azurite('Blob', ports.azurite) + azurite('Queue', ports.azurite + 1) + azurite('Table', ports.azurite + 2);
  return {
    FUNCTIONS_PORT: `${ports.functions}`,
    AzureWebJobsStorage: storage,
    AppStorage: storage,
    Directory__SeedFile: seedFile,
    Directory__EncryptionKey: `local:${secrets.encryptionKey}`,
    Directory__WorkerTokens__0: secrets.workerToken,
    Sessions__Issuer: url,
    Sessions__SigningKeys__0: secrets.signingKey,
    Worker__Url: `http://127.0.0.1:${ports.worker}`,
    Worker__ControlToken: secrets.controlToken,
    ScriptRunner__Url: `http://127.0.0.1:${ports.scripts}`,
    ScriptRunner__Token: secrets.scriptsToken,
    Webhooks__PbxTokens__0: secrets.pbxToken,
    Hooks__Secrets__0: secrets.hookSecret,
    Links__BaseUrl: url,
    Login__Server: `127.0.0.1:${ports.worker}`,
    // Webhooks to a CRM on this machine.
    Egress__AllowNetworks__0: '127.0.0.0/8',
    Egress__AllowPlainHttp: 'true',
  };
}

/** Spans of a part go beside its log, for ./dev trace, and to a viewer where one runs. */
export function telemetrySettings(logs, part, viewer) {
  return { Telemetry__SpanFile: `${logs}/${part}.spans.jsonl`, ...(viewer && { Telemetry__OtlpEndpoint: viewer.endpoint }) };
}

export function scriptsSettings(secrets, ports) {
  return { SCRIPT_RUNNER_TOKENS: secrets.scriptsToken, SCRIPT_RUNNER_PORT: `${ports.scripts}` };
}

/** The page with buttons, and the back end of the CRM that it belongs to. */
export function crmSettings(ports, seed) {
  return {
    CRM_PORT: `${ports.crm}`,
    CRM_FUNCTIONS: `http://127.0.0.1:${ports.functions}`,
    CRM_KEY: seed.apiKeys[0].key,
    CRM_GATEWAY: `ws://127.0.0.1:${ports.worker}/ws`,
    CRM_DOMAIN: seed.domains[0].name,
    CRM_USERS: seed.domains[0].users.map((user) => user.name).join(','),
  };
}

export const crmOrigin = (ports) => `http://127.0.0.1:${ports.crm}`;

export function workerSettings(secrets, ports, stateFolder, address) {
  return {
    Worker__FunctionsUrl: `http://127.0.0.1:${ports.functions}`,
    Worker__ControlUrl: `http://127.0.0.1:${ports.worker}`,
    Worker__ControlToken: secrets.controlToken,
    Worker__WorkerToken: secrets.workerToken,
    Worker__PbxToken: secrets.pbxToken,
    Hooks__Secret: secrets.hookSecret,
    Worker__StateFolder: stateFolder,
    Worker__DrainSeconds: '10',
    Sip__BindAddress: address,
    Sip__UdpPort: `${ports.sip}`,
    Sip__TcpPort: `${ports.sip}`,
    Media__BindAddress: address,
    Media__FirstPort: `${ports.rtpFirst}`,
    Media__LastPort: `${ports.rtpLast}`,
    // Calls from the page: its WebSocket is at the control port, on this machine only.
    Media__BrowserPort: `${ports.browser}`,
    Browser__Issuer: `http://127.0.0.1:${ports.functions}`,
    Sip__WebSocketOrigins: crmOrigin(ports),
  };
}
