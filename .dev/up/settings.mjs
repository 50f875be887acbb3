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
    sip: port('CTD_SIP_PORT', 5060),
    rtpFirst: port('CTD_RTP_FIRST', 20000),
    rtpLast: port('CTD_RTP_LAST', 29999),
    azurite: port('CTD_AZURITE_PORT', 10000),
  };
}
