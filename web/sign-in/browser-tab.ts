import type { Pending, Tab } from './tab';

const pendingKey = 'rollcall.sign-in';

export const browserTab: Tab = {
  get url() {
    return location.href;
  },
  home: new URL('.', location.href).href,
  leave(url) {
    // Replaced, so that the way back in the history does not lead to the issuer again.
    location.replace(url);
    return new Promise<never>(() => {});
  },
  stay: () => window.stop(),
  show: (view) => history.replaceState(null, '', view),
  remember: (pending) => sessionStorage.setItem(pendingKey, JSON.stringify(pending)),
  recall() {
    const stored = sessionStorage.getItem(pendingKey);
    sessionStorage.removeItem(pendingKey);
    return stored === null ? undefined : (JSON.parse(stored) as Pending);
  },
};
