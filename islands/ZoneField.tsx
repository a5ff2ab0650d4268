import { useEffect, useState } from "preact/hooks";
import { clockTime, type Reader, zoneCity } from "./times.ts";
import { todaysName } from "./zones.ts";

export interface ZoneFieldProps {
  /** Id of the select with the zones, which the server renders. */
  selectId: string;
  reader: Reader;
  renderedAt: number;
  /** Nothing was chosen yet: take the browser's zone. */
  guess: boolean;
}

/** Knows the browser's zone and says what time it is in the chosen one. */
export function ZoneField({ selectId, reader, renderedAt, guess }: ZoneFieldProps) {
  const [zone, setZone] = useState(reader.zone);
  const [here, setHere] = useState(reader.zone);
  const [now, setNow] = useState(renderedAt);
  const choose = (wanted: string) => {
    const select = document.getElementById(selectId);
    if (!(select instanceof HTMLSelectElement)) return;
    if (![...select.options].some(({ value }) => value === wanted)) {
      select.add(new Option(wanted, wanted), 0);
    }
    select.value = wanted;
    setZone(wanted);
  };
  useEffect(() => {
    const found = todaysName(Intl.DateTimeFormat().resolvedOptions().timeZone);
    setHere(found);
    if (guess) choose(found);
    const select = document.getElementById(selectId) as HTMLSelectElement | null;
    const changed = () => select && setZone(select.value);
    select?.addEventListener("change", changed);
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => {
      clearInterval(timer);
      select?.removeEventListener("change", changed);
    };
  }, []);
  return (
    <>
      {`It is ${clockTime(now, { ...reader, zone })} in ${zoneCity(zone)}. `}
      {here !== zone && (
        <button type="button" class="link" onClick={() => choose(here)}>
          {`Use this browser’s zone, ${zoneCity(here)}`}
        </button>
      )}
    </>
  );
}
