import { useLayoutEffect, useRef } from 'preact/hooks';
import { takesFocus } from './navigation';

/** The heading of a view. Whoever went there by keyboard goes on from it. */
export function Heading({ children, id }: { readonly children: string; readonly id?: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  // Another place has another heading.
  useLayoutEffect(() => {
    if (takesFocus()) ref.current?.focus();
  }, [children]);
  return (
    <h1 ref={ref} id={id} tabIndex={-1}>
      <bdi>{children}</bdi>
    </h1>
  );
}
