import { assertEquals } from "@std/assert";
import { networkOf } from "../../domain/accounts/network.ts";
import { clientAddress } from "../../routes/client_address.ts";

Deno.test("networkOf() takes IPv4 whole and the first half of IPv6", () => {
  const table = {
    "203.0.113.7": "203.0.113.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:db8:1:2:ffff::1": "2001:db8:1:2::/64",
    "2001:0DB8:0001:0002::": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    "::ffff:203.0.113.7": "203.0.113.7",
    "local": "local",
  };
  for (const [address, network] of Object.entries(table)) {
    assertEquals(networkOf(address), network, address);
  }
});

function seen(proxies: number, forwarded?: string, peer = "10.0.0.1"): string {
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded });
  const remoteAddr = { transport: "tcp", hostname: peer, port: 1 } as const;
  const req = { header: (name: string) => headers.get(name) ?? undefined };
  return clientAddress(
    { req, env: { remoteAddr } } as Parameters<typeof clientAddress>[0],
    proxies,
  );
}

Deno.test("without proxies of ours X-Forwarded-For is not believed", () => {
  assertEquals(seen(0, "1.2.3.4"), "10.0.0.1");
});

Deno.test("behind proxies the entry that the outermost wrote counts, not what the sender added", () => {
  assertEquals(seen(1, "1.2.3.4"), "1.2.3.4");
  assertEquals(seen(1, "6.6.6.6, 1.2.3.4"), "1.2.3.4");
  assertEquals(seen(2, "6.6.6.6, 1.2.3.4, 10.0.0.2"), "1.2.3.4");
  assertEquals(seen(1, "2001:db8::1"), "2001:db8::1");
  assertEquals(seen(1, "[2001:db8::1]:443"), "2001:db8::1");
  assertEquals(seen(1, "1.2.3.4:5678"), "1.2.3.4");
  assertEquals(seen(1, "::ffff:1.2.3.4"), "1.2.3.4");
});

Deno.test("where the proxy wrote nothing that is an address, the peer counts", () => {
  for (const forwarded of [undefined, "", "unknown", "1.2.3.4.5", "_hidden", "a b", "999.1.1.1"]) {
    assertEquals(seen(1, forwarded), "10.0.0.1", forwarded);
  }
  assertEquals(seen(2, "1.2.3.4"), "10.0.0.1", "fewer entries than proxies");
  assertEquals(seen(0, undefined, "::ffff:10.0.0.9"), "10.0.0.9");
});
