import { setTimeout as sleep } from 'node:timers/promises';
import { defaultLimits } from '../../core/limits';
import { ticketFor } from '../support/handshake';
import { LiveFeed } from '../support/live-feed';
import type { LocalIssuer } from '../support/local-issuer';
import type { Rollcall } from '../support/rollcall';
import { messageFaults, placeAt } from '../support/wire';
import { describedValue } from './described-value';
import type { Dice } from './dice';
import { faultyJson } from './faulty-value';
import { endingFrames, frame, harmlessFrames } from './frames';
import { type HandshakeWords, RawSocket } from './raw-socket';
import { mark } from './texts';

/** What the attacks on the live feed work with. */
export interface FeedTarget {
  readonly rollcall: Rollcall;
  readonly issuer: LocalIssuer;
  readonly dice: Dice;
}

type Attack = (target: FeedTarget) => Promise<readonly string[]>;

const closesWithinMs = 4_000;
const answersWithinMs = 10_000;
const settlesWithinMs = 250;
const racers = 8;
const flood = 220;
const messages = 40;

let subjects = 0;

/** A ticket of somebody of whom no socket is open, who watches one region. */
async function aTicket({ rollcall, issuer }: FeedTarget): Promise<string> {
  return await ticketFor(rollcall, await aWatcher(issuer));
}

async function aWatcher(issuer: LocalIssuer): Promise<string> {
  subjects += 1;
  return await issuer.token({
    sub: `watcher-${subjects}`,
    rollcall: { watch: { fuzz: ['*'], ['__proto__']: ['*'] } },
  });
}

/** The same ticket offered many times at once opens one socket. */
const aRace: Attack = async (target) => {
  const { port } = target.rollcall;
  const ticket = await aTicket(target);
  const opened = await Promise.all(Array.from({ length: racers }, () => RawSocket.open(port, ticket)));
  const again = await RawSocket.open(port, ticket);
  for (const { socket } of [...opened, again]) socket.cut();
  const statuses = opened.map(({ status }) => status).toSorted();
  const wanted = [101, ...Array(racers - 1).fill(401)];
  return [
    ...(String(statuses) === String(wanted) ? [] : [`one ticket, raced: ${statuses}`]),
    ...(again.status === 401 ? [] : [`a used ticket: ${again.status}`]),
  ];
};

/** What is no ticket opens nothing. */
const noTickets: Attack = async (target) => {
  const { port } = target.rollcall;
  const ticket = await aTicket(target);
  const bad: readonly (readonly [what: string, ticket: string, words?: HandshakeWords, path?: string])[] = [
    ['cut off', ticket.slice(0, -1)],
    ['too long', `${ticket}A`],
    ['in other letters', ticket.toLowerCase() === ticket ? ticket.toUpperCase() : ticket.toLowerCase()],
    ['foreign', 'Zm9yZWlnbi10aWNrZXQtb2Ytc29tZWJvZHktZWxzZQ'],
    ['empty', ''],
    ['of 6 KB', 'x'.repeat(6_000)],
    ['a token', await aWatcher(target.issuer)],
    ['in the URL', '', { 'Sec-WebSocket-Protocol': 'rollcall.v1' }, `/live?ticket=${ticket}`],
    ['without the protocol', '', { 'Sec-WebSocket-Protocol': `ticket.${ticket}` }],
    ['without any protocol', '', { 'Sec-WebSocket-Protocol': undefined }],
  ];
  const faults: string[] = [];
  for (const [what, offered, words, path] of bad) {
    const { status, socket } = await RawSocket.open(port, offered, words, path);
    socket.cut();
    if (status !== 401) faults.push(`a ticket ${what}: ${status}`);
  }
  const { status, socket } = await RawSocket.open(port, ticket);
  socket.cut();
  return status === 101 ? faults : [...faults, `a ticket that was not offered yet: ${status}`];
};

/** A handshake that is none is no use of a ticket's, and leaves no socket behind. */
const badHandshakes: Attack = async (target) => {
  const bad: readonly HandshakeWords[] = [
    { 'Sec-WebSocket-Key': undefined },
    { 'Sec-WebSocket-Key': 'short' },
    { 'Sec-WebSocket-Version': '12' },
    { 'Sec-WebSocket-Version': undefined },
    { Upgrade: 'h2c' },
  ];
  const { port } = target.rollcall;
  const ticket = await aTicket(target);
  const faults: string[] = [];
  for (const words of bad) {
    const { status, socket } = await RawSocket.open(port, ticket, words);
    socket.cut();
    if (status < 400 || status > 499) faults.push(`a handshake with ${JSON.stringify(words)}: ${status}`);
  }
  const { status, socket } = await RawSocket.open(port, ticket);
  socket.cut();
  return status === 101 ? faults : [...faults, `a ticket that no real handshake has offered yet: ${status}`];
};

/** Frames that end their socket, each with the code that says why. */
const brokenFrames: Attack = async (target) => {
  const faults: string[] = [];
  for (const [what, [frames, codes]] of Object.entries(endingFrames)) {
    const { socket } = await RawSocket.open(target.rollcall.port, await aTicket(target));
    for (const bytes of frames) socket.send(bytes);
    const code = await socket.closeCode(closesWithinMs);
    socket.cut();
    if (code === undefined || !codes.includes(code))
      faults.push(`${what}: ${code ?? 'the socket stays open'}`);
    if (socket.text.includes(mark)) faults.push(`${what}: it repeats what was sent`);
  }
  return faults;
};

/** Frames after which a socket is as good as before, and sockets that are cut off in the middle of one. */
const oddFrames: Attack = async (target) => {
  const codes = Object.entries(harmlessFrames).map(async ([what, frames]) => {
    const { socket } = await RawSocket.open(target.rollcall.port, await aTicket(target));
    for (const bytes of frames) socket.send(bytes);
    const code = await socket.closeCode(settlesWithinMs);
    socket.cut();
    return code === undefined ? [] : [`${what}: closed with ${code}`];
  });
  return (await Promise.all(codes)).flat();
};

/** Messages as they are described: whatever is told of them is described, too. */
const describedMessages: Attack = async ({ rollcall, issuer, dice }) => {
  const feed = await LiveFeed.open(rollcall, await aWatcher(issuer));
  for (let index = 0; index < messages; index += 1) {
    feed.socket.send(JSON.stringify(describedValue(placeOf(dice.pick(kinds)), dice)));
  }
  await feed.ping();
  await sleep(settlesWithinMs);
  feed.close();
  return feed.heard.flatMap(({ message }) => messageFaults('liveFeed', message.type, message));
};

/** Messages with a fault: each is answered by one error that repeats nothing, and the socket is as good as before. */
const faultyMessages: Attack = async ({ rollcall, issuer, dice }) => {
  const feed = await LiveFeed.open(rollcall, await aWatcher(issuer));
  const generated = Array.from({ length: messages }, () => {
    const place = placeOf(dice.pick(kinds));
    return faultyJson(place, describedValue(place, dice), dice)?.text ?? '';
  });
  const faults: string[] = [];
  for (const text of [...generated, ...noMessages]) {
    const before = feed.heard.length;
    feed.socket.send(text);
    const what = `an answer to ${text.slice(0, 300)}`;
    const { message } = await feed.first(what, answersWithinMs, () => feed.heard[before]);
    const wrong = [
      ...messageFaults('liveFeed', 'error', message),
      ...(JSON.stringify(message).includes(mark) ? ['it repeats what was sent'] : []),
    ];
    faults.push(...wrong.map((fault) => `${fault}: ${what}`));
  }
  await feed.ping();
  feed.close();
  const answers = feed.heard.length - 1;
  const sent = generated.length + noMessages.length;
  return answers === sent ? faults : [...faults, `${answers} answers to ${sent} messages`];
};

const kinds = ['Subscribe', 'Unsubscribe', 'Ping'] as const;
const placeOf = (name: (typeof kinds)[number]) => placeAt('asyncapi.yaml', ['components', 'schemas', name]);

/** Texts that are no message of any description; those without an action go to the default route. */
const noMessages: readonly string[] = [
  '',
  'null',
  '[]',
  '7',
  '"ping"',
  '{"action":"$connect"}',
  '{"action":"$disconnect"}',
  `{"action":"${mark}>"}`,
  '{"action":["ping"]}',
  '{"__proto__":{"action":"ping"}}',
  '{"action":"ping"',
  '\ufeff{"action":"ping"}',
  '['.repeat(4_000),
  `{"action":"ping","x":"${'x'.repeat(defaultLimits.feedMessageBytes)}"}`,
  '{"action":"subscribe","region":"elsewhere"}',
  '{"action":"subscribe","region":"fuzz","since":1e999}',
];

/** More subscriptions than one socket may hold, as fast as they can be sent. */
const aFlood: Attack = async ({ rollcall, issuer }) => {
  subjects += 1;
  const token = await issuer.token({ sub: `watcher-${subjects}`, rollcall: { watch: { '*': ['*'] } } });
  const feed = await LiveFeed.open(rollcall, token);
  for (let index = 0; index < flood; index += 1) {
    feed.socket.send(JSON.stringify({ action: 'subscribe', region: `flood-${index}` }));
  }
  const answers = () => feed.heard.map(({ message }) => message);
  await feed.first('an answer to every subscription', 3 * answersWithinMs, () =>
    answers().length >= flood ? true : undefined,
  );
  const { regions } = await feed.ping();
  const errors = answers().filter((message) => message.type === 'error' && message.code === 'too-many');
  feed.close();
  const atMost = defaultLimits.subscriptionsPerConnection;
  // Two copies of the function may look at the same time: one more may slip through.
  return regions.length >= atMost && regions.length <= atMost + 1 && errors.length === flood - regions.length
    ? []
    : [`of ${flood} subscriptions ${regions.length} hold, ${errors.length} were refused`];
};

/** A socket that is gone in the middle of its handshake. */
const vanishing: Attack = async (target) => {
  const opening = await Promise.all(
    Array.from({ length: 4 }, async () => RawSocket.open(target.rollcall.port, await aTicket(target))),
  );
  for (const { socket } of opening) {
    socket.send(frame({ opcode: 1, payload: Buffer.from('{"action":"subscribe","region":"fuzz"}') }));
    socket.cut();
  }
  return opening.every(({ status }) => status === 101)
    ? []
    : [`sockets: ${opening.map(({ status }) => status)}`];
};

const attacks = {
  aRace,
  noTickets,
  badHandshakes,
  brokenFrames,
  oddFrames,
  describedMessages,
  faultyMessages,
  aFlood,
  vanishing,
};

/** All attacks on the live feed. @returns what went wrong */
export async function attackFeed(target: FeedTarget): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [name, attack] of Object.entries(attacks)) {
    faults.push(...(await attack(target)).map((fault) => `live feed, ${name}: ${fault}`));
  }
  return faults;
}
