import { Component, type ComponentChild, type FunctionComponent } from 'preact';

/** A component that is drawn again only when one of its properties is another one: a region may have ten thousand rows. */
export function memo<Properties extends object>(
  draw: (properties: Properties) => ComponentChild,
): FunctionComponent<Properties> {
  class Memo extends Component<Properties> {
    override shouldComponentUpdate(next: Properties): boolean {
      const keys = Object.keys(next) as (keyof Properties)[];
      return keys.some((key) => next[key] !== this.props[key]);
    }

    override render(): ComponentChild {
      return draw(this.props);
    }
  }
  return Memo as unknown as FunctionComponent<Properties>;
}
