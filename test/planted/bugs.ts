/** A bug as a small change of the code: what is there once, and what takes its place. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({
  name,
  file,
  find,
  replace,
});

const monitor = 'lambdas/heartbeat-monitor/monitor.ts';
const settleRegion = 'lambdas/session-monitor/settle-region.ts';
const push = 'lambdas/session-monitor/push.ts';
const session = 'core/session.ts';

/** What somebody might well get wrong; each must be caught by the simulator or by the suites. */
export const plantedBugs: readonly PlantedBug[] = [
  bug(
    'The commit has no condition on the region head',
    'adapters/memory/region-ledger.ts',
    'revision !== head.revision - 1 || !isOfThisLife || ',
    '',
  ),
  bug(
    'The commit has no condition on the region head, in DynamoDB',
    'adapters/aws/commit-items.ts',
    "condition: 'revision = :before AND",
    "condition: '(revision = :before OR revision <> :before) AND",
  ),
  bug(
    'Entries count as pushed before they are sent',
    'lambdas/session-monitor/deliver.ts',
    'await take(entries);\n  await ledger.advanceCursor(region, sink, last);',
    'await ledger.advanceCursor(region, sink, last);\n  await take(entries);',
  ),
  bug(
    'A lease is counted from when the beat is processed',
    monitor,
    'const batch = sortBatch(event.Records, nowMs);',
    'const batch = sortBatch(event.Records, nowMs);\n    for (const { beats } of batch.sessions) for (const beat of beats) Object.assign(beat, { arrivalMs: nowMs });',
  ),
  bug(
    'The watermark moves past a record that failed',
    'core/processed.ts',
    'firstFailed === -1 ? records : records.slice(0, firstFailed)',
    'firstFailed === -2 ? records.slice(0, firstFailed) : records',
  ),
  bug(
    'A lease is in seconds',
    'core/lease.ts',
    '(t.allowance * nextSeconds + t.slackSeconds) * second',
    't.allowance * nextSeconds + t.slackSeconds',
  ),
  bug(
    'TTL is in milliseconds',
    'adapters/aws/session-store.ts',
    'Math.ceil(expiresAtMs(Math.max(leaseUntilMs, leftAtMs), timings) / 1_000)',
    'expiresAtMs(Math.max(leaseUntilMs, leftAtMs), timings)',
  ),
  bug(
    'A socket that fails is taken for one that is gone',
    push,
    "if (outcome === 'gone') await",
    "if (outcome !== 'delivered') await",
  ),
  bug(
    'A socket that is gone is never forgotten',
    push,
    "if (outcome === 'gone') await",
    "if (outcome === 'failed' && messages.length < 0) await",
  ),
  bug(
    'As-of is the largest watermark of the shards',
    'core/as-of.ts',
    'open.length === 0 ? 0 : Math.min(',
    'open.length === 0 ? 0 : Math.max(',
  ),
  bug(
    'A new shard without a watermark does not count',
    'core/as-of.ts',
    'parents.length === 0 ? 0 : Math.min(...parents.map(processed))',
    'Number.MAX_SAFE_INTEGER',
  ),
  bug(
    'As-of ignores the endpoint',
    'core/as-of.ts',
    'Math.max(before.asOfMs, Math.min(shardsMs(shards, watermarks), served))',
    'Math.max(before.asOfMs, shardsMs(shards, watermarks))',
  ),
  bug(
    'Timeouts do not wait after a gap',
    'core/silence.ts',
    'tellFromMs: Math.min(wantedMs, boundMs)',
    'tellFromMs: leaseUntilMs',
  ),
  bug(
    'Silence is told a minute late',
    'core/silence.ts',
    'tellFromMs: Math.min(wantedMs, boundMs)',
    'tellFromMs: Math.min(wantedMs, boundMs) + 60_000',
  ),
  bug(
    'The mark is raised before the sessions are written',
    monitor,
    'const { cache, ports } = work;\n  const stored = await load(sessions, cache, ports);',
    'const { cache } = work;\n  for (const { beats } of sessions) await work.ports.ledger.raiseMark(beats[0].region);\n  const ports = { ...work.ports, ledger: { raiseMark: async () => {} } };\n  const stored = await load(sessions, cache, ports);',
  ),
  bug(
    'Offline is decided on an eventually consistent read',
    settleRegion,
    '(decided.changesStatus || decided.presenceDue.length > 0) && !consistent',
    'decided.presenceDue.length < 0 && !consistent',
  ),
  bug(
    'What a mark stands for is looked for with an eventually consistent read',
    settleRegion,
    'await decide(record, facilities, tick, consistent, ports, timings)',
    'await decide(record, facilities, tick, false, ports, timings)',
  ),
  bug(
    'What a session ceased to cover is told before as-of has reached it',
    'core/coverage.ts',
    'if (end.atMs <= asOfMs) addEnd(',
    'if (end.atMs <= Number.POSITIVE_INFINITY) addEnd(',
  ),
  bug(
    'Of two changes of a session the first is forgotten',
    session,
    'for (const ceased of known.ceased) {',
    'for (const ceased of known.ceased.slice(known.ceased.length)) {',
  ),
  bug(
    'What a copy remembers of a session is believed, whatever another copy has taken',
    monitor,
    'cached !== undefined && isNextBeat(cached, beats.beats[0])',
    'cached !== undefined',
  ),
  bug(
    'Whoever lingers counts as told to be present',
    'core/presence.ts',
    'staying > 0 || before.has(user)',
    'staying >= 0 || before.has(user)',
  ),
  bug(
    'A monitor with an older as-of decides all the same',
    settleRegion,
    'head !== undefined && head.asOfMs > asOfMs',
    'head !== undefined && head.asOfMs > asOfMs + 3_600_000',
  ),
  bug(
    'A session is written without a condition',
    'adapters/memory/session-store.ts',
    'if ((stored?.revision ?? 0) !== session.revision) return { conflict: stored };',
    '',
  ),
  bug(
    'A session that left comes back with its next beat',
    session,
    'if (stored.leftAtMs !== undefined)\n    return',
    'if (stored.leftAtMs !== undefined && beat.nextSeconds === 0)\n    return',
  ),
  bug(
    'Leaving prolongs a lease',
    session,
    'Math.min(known.leaseUntilMs, graceEndMs(beat.arrivalMs, t))',
    'Math.max(known.leaseUntilMs, graceEndMs(beat.arrivalMs, t))',
  ),
  bug(
    'A renewal is not written although the lease is too short',
    session,
    'leaseEndMs(beat.arrivalMs, beat.nextSeconds, t) > known.leaseUntilMs',
    'leaseEndMs(beat.arrivalMs, beat.nextSeconds, t) > known.leaseUntilMs + 20_000',
  ),
  bug(
    'An older beat shortens a lease',
    session,
    'leaseUntilMs: tooShort ? renewedLeaseMs(known, beat, t) : known.leaseUntilMs',
    'leaseUntilMs: renewedLeaseMs(known, beat, t)',
  ),
  bug(
    'Offline is stamped with when it was decided',
    'core/changes.ts',
    "const told = { status: 'offline', reason: end.reason, sessions: 0, users: 0 } as const;\n  const change = transition(previous.id, previous, { ...told, atMs: end.atMs }, instants);",
    "const told = { status: 'offline', reason: end.reason, sessions: 0, users: 0 } as const;\n  const change = transition(previous.id, previous, { ...told, atMs: instants.nowMs }, instants);",
  ),
  bug(
    'Totals drift',
    'core/entries.ts',
    "online += Number(facility.status === 'online') - Number(previous?.status === 'online');",
    "online += facility.status === 'online' ? 1 : -1;",
  ),
  bug(
    'A page applies what comes without waiting for what is missing',
    'client/live/watch.ts',
    'if (push.fromSeq > watch.seq + 1) break;',
    '',
  ),
  bug(
    'A page does not compare the digest',
    'client/live/watch.ts',
    'if (digest !== undefined && !agrees(watch.rows, digest)) return reload(watch, nowMs);',
    'if (digest !== undefined && agrees(watch.rows, digest) && saidAtMs < 0) return reload(watch, nowMs);',
  ),
  bug(
    'A watcher of some facilities is told of all',
    push,
    'all ? changesMessage(entry) : limitedChangesMessage(entry, patterns, facilities),',
    'all || patterns ? changesMessage(entry) : limitedChangesMessage(entry, patterns, facilities),',
  ),
  bug('An expired token still gets pushes', push, 'subscriber.expiresAtMs <= ports.clock.now() || ', ''),
  bug(
    'A poison record is tried again and again',
    monitor,
    'attempt([letter.sequenceNumber], () => bury(letter, ports))',
    'attempt([letter.sequenceNumber], () => Promise.reject(new Error(letter.why)))',
  ),
  bug(
    'A log that begins anew looks like the old one',
    'core/region.ts',
    'export const epochAt = (nowMs: number): string => nowMs.toString(36);',
    "export const epochAt = (nowMs: number): string => (nowMs > 0 ? 'first' : '');",
  ),
  bug(
    'Presence events that a dead monitor did not send are never sent',
    'lambdas/session-monitor/settle-presence.ts',
    'const sentBefore = before.decidedAtMs <= settledAtMs;',
    'const sentBefore = before.decidedAtMs <= settledAtMs || before.decidedAtMs > 0;',
  ),
];
