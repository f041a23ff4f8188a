// Open it with ?region=my-town&facility=clinic-7&user=ana
const {
  region = 'my-town',
  facility = 'clinic-7',
  user = 'ana',
  interval = '30',
} = Object.fromEntries(new URLSearchParams(location.search));

const config = await (await fetch('/config.json')).json();

// Where your own tokens come from. The local runtime gives them to everybody.
let token;
function getToken({ refresh }) {
  // The promise is kept, so that all who ask meanwhile wait for the same one.
  if (token === undefined || refresh) token = newToken();
  return token;
}

async function newToken() {
  const rights = { [region]: ['*'] };
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub: user, rollcall: { provide: rights, watch: rights }, expiresIn: 3600 }),
  });
  return (await response.json()).token;
}

const { heartbeatUrl: url, apiUrl, liveUrl } = config;
const show = (id, text) => {
  document.getElementById(id).textContent = text;
};
const list = (id, lines) => {
  const items = lines.map((line) => Object.assign(document.createElement('li'), { textContent: line }));
  document.getElementById(id).replaceChildren(...items);
};

const heartbeat = Rollcall.startHeartbeat({
  url,
  getToken,
  region,
  facilities: [facility],
  interval: Number(interval),
});
heartbeat.on('state', ({ connectivity }) => show('connectivity', connectivity));

const live = Rollcall.openLive({ apiUrl, liveUrl, getToken });
const watch = live.watchRegion({ region });
watch.on('state', ({ status }) => show('status', status));
watch.on('change', () => {
  list(
    'facilities',
    [...watch.snapshot().values()].map(({ name, status, reason }) => `${name} ${status} ${reason}`),
  );
});

const presence = live.watchFacility({ region, facility });
presence.on('change', () => {
  list(
    'present',
    [...presence.snapshot().values()].map(({ user: who, attributes: { mood = '' } }) => `${who} ${mood}`),
  );
});

document.getElementById('mood').addEventListener('click', () => heartbeat.setAttributes({ mood: 'happy' }));
document.getElementById('leave').addEventListener('click', async () => {
  live.close();
  await heartbeat.leave();
});
