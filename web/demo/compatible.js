// What pages do that were written for a PBX with remote control by WebSocket: nothing in it is of this product. The page's back end says
// who its user is there; the session becomes a cookie; the socket does the rest.
const query = new URLSearchParams(location.search);
const card = document.querySelector('contact-card');
if (query.has('number')) card.setAttribute('number', query.get('number'));
const number = card.getAttribute('number');
const button = (name) => card.querySelector(`button[name=${name}]`);
const secure = location.protocol === 'https:' ? 's' : '';
let callid = null;

const login = await (await fetch(`/rest/pbxlogin?as=${query.get('as') ?? ''}`)).json();
await fetch(`http${secure}://${login.server}/rest/system/session`, {
  method: 'POST',
  credentials: 'include',
  body: JSON.stringify({ name: 'session', value: login.session }),
});
const socket = new WebSocket(`ws${secure}://${login.server}/websocket?domain=${login.domain}&user=${login.user}`);
const send = (frame) => socket.send(JSON.stringify(frame));

socket.addEventListener('open', () => {
  send({ action: 'get-calls' });
  setInterval(() => send({ action: 'wskeepalive' }), 30_000);
});
socket.addEventListener('message', ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.action !== 'call-state') return;
  const call = frame.calls.find((one) => one['to-number'] === number);
  if (call) callid = call.id;
  card.dataset.state = call ? call.callstate : 'none';
  card.querySelector('output').textContent = call ? `${call['from-number']} to ${call['to-number']}: ${call.callstate}` : '';
});

button('call').addEventListener('click', () => send({ action: 'make-call', to: number }));
button('hold').addEventListener('click', () => send({ action: 'hold-call', id: callid }));
button('cancel').addEventListener('click', () => send({ action: 'clear-call', id: callid, connected: String(card.dataset.state === 'connected') }));
