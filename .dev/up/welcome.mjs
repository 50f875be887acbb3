// What a person sees once the suite is up.

export function welcome(seed, ports, address) {
  const base = `http://127.0.0.1:${ports.functions}`;
  const domain = seed.domains[0];
  const key = seed.apiKeys[0].key;
  const [caller, callee] = domain.users;
  const account = (user) => user.devices.map((device) => `  sip:${device.userName}@${domain.name}   user ${device.userName}   password ${device.password}`).join('\n');
  return `
Click to Dial is up. Ctrl-C stops it.

  API          ${base}/api        health ${base}/healthz
  page         http://127.0.0.1:${ports.crm}   buttons, beside a CRM that hears of the calls
  worker       http://127.0.0.1:${ports.worker}/healthz
  SIP          ${address}:${ports.sip} (UDP and TCP), domain ${domain.name}
  demo key     ${key}
  logs         .local/logs

SIP accounts (registrar and proxy ${address}:${ports.sip}):
${account(caller)}
${account(callee)}

The main job in three lines:

  TOKEN=$(curl -s ${base}/api/sessions -H 'X-Api-Key: ${key}' -H 'Content-Type: application/json' -d '{"domain":"${domain.name}","user":"${caller.name}"}' | sed -E 's/.*"token":"([^"]+)".*/\\1/')
  curl -si ${base}/api/calls -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $RANDOM-$RANDOM" -H 'Content-Type: application/json' -d '{"user":"${caller.name}","destination":"${callee.name}"}'
  curl -s '${base}/api/calls?limit=1' -H 'X-Api-Key: ${key}'
`;
}
