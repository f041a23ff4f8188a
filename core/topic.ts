import type { Topic } from './connection';

/** A topic as text: `north`, or `north/clinic-7`. A region's id holds no slash, a facility's may. */
export const topicText = ({ region, facility }: Topic): string =>
  facility === undefined ? region : `${region}/${facility}`;

export function topicIn(text: string): Topic {
  const slash = text.indexOf('/');
  return slash === -1 ? { region: text } : { region: text.slice(0, slash), facility: text.slice(slash + 1) };
}

export const sameTopic = (one: Topic, other: Topic): boolean =>
  one.region === other.region && one.facility === other.facility;
