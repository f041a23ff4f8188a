/** `$58,156`; with cents below a hundred dollars. */
export const dollars = (amount: number): string =>
  `$${amount.toLocaleString('en-US', amount < 100 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 0 })}`;

export const grouped = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
