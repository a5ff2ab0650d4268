import type { Reader } from "../islands/times.ts";
import { zoneCity } from "../islands/times.ts";
import { isZone, todaysName } from "../islands/zones.ts";
import { FieldBox } from "./field.tsx";
import { Island } from "./island.tsx";

export interface ZoneSelectProps {
  /** The chosen zone. */
  zone: string;
  reader: Reader;
  now: number;
  /** Nothing was chosen yet: the browser's zone is taken where there is JavaScript. */
  guess: boolean;
  wrong?: string;
}

/** A native list of all time zones by region; type to find one. */
export function ZoneSelect({ zone, reader, now, guess, wrong }: ZoneSelectProps) {
  const known = Intl.supportedValuesOf("timeZone").map(todaysName).sort();
  const all = new Set([zone, "UTC", ...known]);
  // Shown again as it was sent, but no clock goes by one that is none.
  const clock = { ...reader, zone: isZone(zone) ? zone : reader.zone };
  const regions = Map.groupBy(all, (name) => name.includes("/") ? name.split("/")[0] ?? "" : "");
  return (
    <FieldBox
      name="zone"
      label="Time zone"
      wrong={wrong}
      hint={
        <Island
          name="ZoneField"
          props={{ selectId: "zone", reader: clock, renderedAt: now, guess }}
        />
      }
    >
      <select id="zone" name="zone" aria-describedby="zone-hint" required>
        {[...regions].map(([region, names]) =>
          region === ""
            ? names.map((name) => <Zone key={name} name={name} chosen={zone} />)
            : (
              <optgroup key={region} label={region}>
                {names.map((name) => <Zone key={name} name={name} chosen={zone} />)}
              </optgroup>
            )
        )}
      </select>
    </FieldBox>
  );
}

function Zone({ name, chosen }: { name: string; chosen: string }) {
  return <option value={name} selected={name === chosen}>{zoneCity(name)}</option>;
}
