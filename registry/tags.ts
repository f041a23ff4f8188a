/** `a;b`: two tags; a backslash before `;` or another one makes it part of the tag. */
export const tagsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|;)((?:\\[\\;]|[^;])*)/g)].map(([, tag = '']) => tag.replace(/\\([\\;])/g, '$1'));

/** The other way round. */
export const tagsText = (tags: readonly string[]): string =>
  tags.map((tag) => tag.replace(/[\\;]/g, '\\$&')).join(';');
