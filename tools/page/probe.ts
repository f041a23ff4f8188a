/** What the page tells of itself while it is measured; all instants by its own clock, in milliseconds. */
export interface Probe {
  /** When a message of the feed arrived, before anybody read it; and when what it changed was on the screen. */
  readonly messages: {
    readonly bytes: number;
    readonly atMs: number;
    readonly workedMs: number;
    readonly drawnMs: number;
  }[];
  /** Each time that the page could answer nobody for more than 50 ms. */
  readonly longTasks: number[];
  /** When the first facility was on the screen. */
  firstRowMs: number | undefined;
}

/**
 * Runs in the page before anything of it does. A text, since it is no part of the page: the security policy lets only the browser's
 * own tools bring it in.
 */
export const probeScript = `
  const probe = { messages: [], longTasks: [], firstRowMs: undefined };
  window.__probe = probe;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const afterPaint = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(0);
  });
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const atMs = performance.now();
        const message = { bytes: data.length, atMs, workedMs: 0, drawnMs: 0 };
        probe.messages.push(message);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { message.workedMs = performance.now() - atMs; };
        port2.postMessage(0);
        afterPaint((nowMs) => { message.drawnMs = nowMs - atMs; });
      });
    }
  };
  const seen = new MutationObserver(() => {
    if (document.querySelector('.facility') === null) return;
    seen.disconnect();
    afterPaint((nowMs) => { probe.firstRowMs = nowMs; });
  });
  seen.observe(document, { childList: true, subtree: true });
`;
