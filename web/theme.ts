import { effect, signal } from '@preact/signals';
import { readKept, writeKept } from './kept';
import { oneOf } from './look';

const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const keptAs = 'rollcall.theme';
export const theme = signal<Theme>(oneOf(themes, readKept(keptAs)) ?? 'system');

export const themeWords: Readonly<Record<Theme, string>> = {
  system: 'Colours: as the system',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  writeKept(keptAs, theme.value);
}

/** The style sheet does the rest. */
export const followTheme = (): void =>
  void effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });
