/**
 * The dedicated worker: browsers slow down the timers of a hidden page to one a minute (Chromium after five minutes, less
 * on a phone), those of a worker they leave alone. It is a file of its own, since pages with a strict content
 * security policy allow no worker made of a blob.
 */
setInterval(() => postMessage(0), 1_000);
