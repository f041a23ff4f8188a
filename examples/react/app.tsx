import { useFacility, useHeartbeat, useLive, useRegion } from '@rollcall/client/react';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

interface Config {
  readonly heartbeatUrl: string;
  readonly apiUrl: string;
  readonly liveUrl: string;
}

const asked = new URLSearchParams(location.search);
const region = asked.get('region') ?? 'my-town';
const facility = asked.get('facility') ?? 'clinic-7';
const user = asked.get('user') ?? 'ana';

// Where your own tokens come from. The local runtime gives them to everybody.
let token: Promise<string> | undefined;
function getToken({ refresh }: { readonly refresh: boolean }): Promise<string> {
  if (token === undefined || refresh) token = newToken();
  return token;
}

async function newToken(): Promise<string> {
  const rights = { [region]: ['*'] };
  const response = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub: user, rollcall: { provide: rights, watch: rights }, expiresIn: 3600 }),
  });
  return ((await response.json()) as { readonly token: string }).token;
}

function App({ config }: { readonly config: Config }) {
  const [mood, setMood] = useState('calm');
  const { connectivity } = useHeartbeat({
    url: config.heartbeatUrl,
    getToken,
    region,
    facilities: [facility],
    attributes: { mood },
  });
  const live = useLive({ apiUrl: config.apiUrl, liveUrl: config.liveUrl, getToken });
  const { state, facilities, about } = useRegion(live, region);
  const { present } = useFacility(live, region, facility);
  return (
    <main>
      <h1>{about?.name ?? region}</h1>
      <p id="connectivity">{connectivity}</p>
      <p id="status">{state.status}</p>
      <ul id="facilities">
        {[...facilities.values()].map(({ id, name, status }) => (
          <li key={id}>
            {name} {status}
          </li>
        ))}
      </ul>
      <ul id="present">
        {[...present.values()].map(({ user: who, attributes }) => (
          <li key={who}>
            {who} {String(attributes.mood)}
          </li>
        ))}
      </ul>
      <button id="mood" type="button" onClick={() => setMood('happy')}>
        I am happy
      </button>
    </main>
  );
}

/** Can be taken away again, as a router does with what it no longer shows. */
function Page({ config }: { readonly config: Config }) {
  const [isShown, setShown] = useState(true);
  return (
    <>
      {isShown && <App config={config} />}
      <button id="leave" type="button" onClick={() => setShown(false)}>
        Leave
      </button>
    </>
  );
}

const place = document.getElementById('app');
if (place !== null) {
  const config: Config = await (await fetch('/config.json')).json();
  createRoot(place).render(
    <StrictMode>
      <Page config={config} />
    </StrictMode>,
  );
}
