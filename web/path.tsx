import { plainLook } from './look';
import { view } from './navigation';
import { shownRegion } from './page-state';
import { hashOf, regionOf, type View } from './view';

/** The way from the overview to what is looked at. */
export function Path() {
  const steps = stepsTo(view.value);
  return (
    <nav class="path" aria-label="Where you are">
      <a class="brand" href="#/" aria-current={steps.length === 0 ? 'page' : undefined}>
        <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
          <path d="M2 10h3.2l2.3-5.5 4 11 2.6-5.5H18" />
        </svg>
        Rollcall
      </a>
      {steps.map(({ name, to }, index) => (
        <span key={to} class="step">
          <a href={to} aria-current={index === steps.length - 1 ? 'page' : undefined}>
            <bdi>{name}</bdi>
          </a>
        </span>
      ))}
    </nav>
  );
}

interface Step {
  readonly name: string;
  readonly to: string;
}

function stepsTo(now: View): readonly Step[] {
  const region = regionOf(now);
  const regionStep = region === undefined ? [] : [regionStepOf(region)];
  switch (now.name) {
    case 'overview':
      return [];
    case 'region':
      return region === undefined ? [{ name: 'All facilities', to: hashOf(now) }] : regionStep;
    case 'facility': {
      const name = shownRegion(now.region)?.facilities.get(now.facility)?.name ?? now.facility;
      return [...regionStep, { name, to: hashOf(now) }];
    }
    case 'registry':
      return [...regionStep, { name: 'Registry', to: hashOf(now) }];
    case 'tv':
      return [{ name: 'Wall', to: hashOf(now) }];
  }
}

const regionStepOf = (region: string): Step => ({
  name: shownRegion(region)?.name ?? region,
  to: hashOf({ name: 'region', region, look: plainLook }),
});
