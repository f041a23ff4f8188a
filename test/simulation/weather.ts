/** Everything in the world that may go wrong, and how badly it does now. Rates are from 0 to 1. */
export interface Weather {
  /** Beats that are lost before they reach the endpoint, and answers to beats that were taken. */
  beatsLost: number;
  answersLost: number;
  /** Beats that the network, or the producer's own retry, delivers twice. */
  beatsTwice: number;
  /** `refusing` answers 503 before the function runs, `down` answers nothing. */
  endpoint: 'serving' | 'refusing' | 'down';
  /** Records that a shard turns away as too much for it. */
  streamBusy: number;
  /** By how much arrival times of a shard may step back. */
  arrivalStepsBackMs: number;
  /** Shards that are not delivered. */
  stuckShards: number;
  mapping: 'running' | 'stopped';
  /** Invocations that end with their process, after some of their work. */
  invocationsDie: number;
  /** Batches whose checkpoint is forgotten, so that they come again. */
  batchesAgain: number;
  /** Calls of a store that are turned away, that are done without anybody hearing of it, and how long they take at most. */
  storesThrottle: number;
  storesForgetToAnswer: number;
  storesSlowMs: number;
  /** Commits that another transaction keeps from being made. */
  commitsLost: number;
  /** How old what an eventually consistent read shows may be. */
  staleMs: number;
  ttl: 'late' | 'prompt';
  /** How far the clocks of new processes are off. */
  skewMs: number;
  schedule: 'on-time' | 'twice' | 'missed';
  /** Runs of the session monitor that die after a while, and that freeze for minutes and go on. */
  monitorsDie: number;
  monitorsFreeze: number;
  /** Messages of the live feed. */
  pushesLost: number;
  pushesTwice: number;
  pushesLateMs: number;
  pushesFail: number;
  /** Posts to a socket that take as long as API Gateway lets them. */
  postsSlow: number;
  /** Answers of the HTTP API that get lost. */
  apiLost: number;
  /** Ends of sockets that $disconnect tells nobody of. */
  disconnectsLost: number;
  bus: 'up' | 'down';
}

export const fairWeather: Weather = {
  beatsLost: 0,
  answersLost: 0,
  beatsTwice: 0,
  endpoint: 'serving',
  streamBusy: 0,
  arrivalStepsBackMs: 0,
  stuckShards: 0,
  mapping: 'running',
  invocationsDie: 0,
  batchesAgain: 0,
  storesThrottle: 0,
  storesForgetToAnswer: 0,
  storesSlowMs: 20,
  commitsLost: 0,
  staleMs: 0,
  ttl: 'prompt',
  skewMs: 0,
  schedule: 'on-time',
  monitorsDie: 0,
  monitorsFreeze: 0,
  pushesLost: 0,
  pushesTwice: 0,
  pushesLateMs: 0,
  pushesFail: 0,
  postsSlow: 0,
  apiLost: 0,
  disconnectsLost: 0,
  bus: 'up',
};
