/** What this browser keeps for the operator, never a token. A browser that keeps nothing forgets it with the page. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage is switched off: there is nothing kept, and nothing to be done.
    return null;
  }
}

export function writeKept(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // Switched off or full: what was chosen holds until the page is closed.
  }
}
