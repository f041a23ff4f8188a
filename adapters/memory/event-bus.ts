import { TryAgainLater } from '../../core/errors';
import type { StatusEvent } from '../../core/events';
import type { EventBus } from '../../core/ports';

/** Events in a list. */
export class MemoryEventBus implements EventBus {
  readonly events: StatusEvent[] = [];
  /** While true, nothing is taken. */
  down = false;

  async publish(events: readonly StatusEvent[]): Promise<void> {
    if (this.down) throw new TryAgainLater('the bus is down', { actual: events.length, expected: 0 });
    this.events.push(...events);
  }
}
