export { FakeBrowser, type FakeNetwork } from './browser';
export { type FacilityWords, FakePresence, FakeRegion } from './region';
export { type FakeAnswer, FakeServer, type Tamper } from './server';
export { FakeSessions, type TakenBeat } from './sessions';
export { seeded, settled } from './steps';
export { FakeTab } from './tab';
