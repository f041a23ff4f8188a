/** For the `list` of an input. */
export const timeZonesId = 'time-zones';

/** The zones that this browser knows, to choose from; another one may be typed in. */
export function TimeZones() {
  return (
    <datalist id={timeZonesId}>
      {Intl.supportedValuesOf('timeZone').map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
}
