/** Spreadsheets take a file for UTF-8 only when it says so. */
const byteOrderMark = '\uFEFF';

/** Gives the operator a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([byteOrderMark, text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
