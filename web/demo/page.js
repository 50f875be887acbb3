// All that this page does with telephones: it says where tokens come from, and loads the button.
const { functions, gateway, users } = window.demo;
const as = new URLSearchParams(location.search).get('as') ?? users[0];
window.clickToCall = { session: `/crm/session?as=${as}`, api: functions, ...(gateway ? { gateway } : {}) };
import(`${functions}/web/click-to-call.js`);

const byId = (id) => document.getElementById(id);
byId('as').append(...users.map((user) => new Option(user, user, false, user === as)));
byId('as').addEventListener('change', (e) => location.assign(`?as=${e.target.value}`));
byId('number').addEventListener('input', (e) => byId('chosen').setAttribute('number', e.target.value));
byId('mode').addEventListener('change', (e) => byId('chosen').setAttribute('mode', e.target.value));
byId('crm').addEventListener('submit', (e) => e.preventDefault());

// The CRM writes down what its people did, from what the button tells.
let noted;
document.addEventListener('call-change', ({ detail }) => {
  if (detail.phase !== 'connected' || detail.since === noted) return;
  noted = detail.since;
  byId('notes').value += `${new Date().toLocaleTimeString()} talked with ${detail.number}\n`;
});

const names = { 'call.started': 'Call begun', 'leg.ringing': 'Rings', 'leg.answered': 'Answered', 'call.connected': 'Connected', 'leg.ended': 'Phone done', 'call.ended': 'Call over',
  'call.held': 'On hold', 'call.resumed': 'Taken back', 'leg.muted': 'Muted', 'leg.unmuted': 'Unmuted', 'call.prompting': 'Asked to press 1',
  'call.confirmed': 'Pressed 1', 'call.transferring': 'Being transferred', 'call.transferred': 'Transferred', 'call.transfer-failed': 'Not transferred' };
const phones = { '~browser': 'this browser', user: 'the caller', destination: 'the number called' };
const phoneOf = (leg) => phones[leg.device ?? leg.role] ?? leg.device ?? leg.role;
new EventSource('/crm/events').addEventListener('message', ({ data }) => {
  const event = JSON.parse(data);
  const list = byId('events');
  list.querySelector('.none')?.remove();
  const item = document.createElement('li');
  const time = document.createElement('time');
  time.textContent = new Date(event.time).toLocaleTimeString([], { hour12: false });
  const what = document.createElement('span');
  const reason = event.outcome?.reason ? `: ${event.outcome.reason}` : '';
  what.textContent = `${names[event.type] ?? event.type}${event.leg ? ` (${phoneOf(event.leg)})` : ''}${reason}`;
  const who = document.createElement('small');
  who.textContent = `${event.call.user} → ${event.call.destination}, step ${event.sequence}`;
  item.append(time, what, who);
  list.prepend(item);
});
