import { assert, assertEquals } from "@std/assert";
import { parseZone } from "../../domain/accounts/profile.ts";
import { todaysName } from "../../islands/zones.ts";

Deno.test("every zone on offer is one that an account can have, under the name people look for", () => {
  const offered = Intl.supportedValuesOf("timeZone").map(todaysName);
  for (const zone of offered) assertEquals(parseZone(zone), zone);
  for (const zone of ["Asia/Kolkata", "Europe/Kyiv", "Asia/Ho_Chi_Minh"]) {
    assert(offered.includes(zone), zone);
  }
  for (const zone of ["Asia/Calcutta", "Europe/Kiev"]) assert(!offered.includes(zone), zone);
});
