import type { ComponentChildren } from 'preact';
import type { Registry } from './wire';

/** What is known of a facility whether it is online or not. */
export function RegistryPart({
  id,
  registry = {},
}: {
  readonly id: string;
  readonly registry?: Registry | undefined;
}) {
  const { address, timeZone, tags = [], coordinates } = registry;
  return (
    <section class="part about data" aria-labelledby="about">
      <h2 id="about">About</h2>
      <dl class="about-list">
        <Item name="Id">
          <code>{id}</code>
        </Item>
        {address !== undefined && <Item name="Address">{address}</Item>}
        {timeZone !== undefined && <Item name="Time zone">{`${timeZone}${clockIn(timeZone)}`}</Item>}
        {coordinates !== undefined && (
          <Item name="Place">{`${coordinates.latitude}, ${coordinates.longitude}`}</Item>
        )}
        {tags.length > 0 && <Item name="Tags">{tags.join(', ')}</Item>}
      </dl>
    </section>
  );
}

function Item({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}

/** What time it is there; nothing for a zone that this browser does not know. */
function clockIn(timeZone: string): string {
  try {
    return `, ${new Intl.DateTimeFormat(undefined, { timeStyle: 'short', timeZone }).format()} there`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return '';
  }
}
