import { Banner } from './banner';
import { FacilityList } from './facility-list';
import { announcement, truth } from './page-state';
import { RegionList } from './region-list';

/** The operators' page. While it cannot be believed as it stands, the data itself says so, not only the banner. */
export function Page() {
  const believed = truth.value.feed === 'live';
  return (
    <>
      <header class="top">
        <h1>Rollcall</h1>
        <Banner />
      </header>
      <main class="content" data-believed={believed}>
        <RegionList />
        <FacilityList />
      </main>
      <p class="unseen" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}
