/** Where the script itself comes from; its worker lies beside it. Known only while it is run for the first time. */
export const scriptUrl = (document.currentScript as HTMLScriptElement | null)?.src;
