/**
 * An answer as it can be compared with that of another request: without what each answer has anew.
 * The names that were asked for are taken out, and nothing else.
 */
export async function seen(response: Response, id: string): Promise<string> {
  const without = (text: string) =>
    text.replaceAll(encodeURIComponent(encodeURIComponent(id)), "ID")
      .replaceAll(encodeURIComponent(id), "ID").replaceAll(id, "ID")
      .replace(/'nonce-[^']*'|nonce="[^"]*"/g, "NONCE")
      .replace(/name="(draft|key)" value="[^"]*"|"draftId":"[^"]*"/g, "DRAFT");
  const headers = [...response.headers].filter(([name]) => name !== "date").sort()
    .map(([name, value]) => `${name}: ${value}`);
  return without([response.status, ...headers, "", await response.text()].join("\n"));
}

/** All that is stored, but for who has been seen when and what commits leave behind. */
export async function everything(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  const lasting = entries.filter(({ key }) =>
    !["commit_token", "session", "trial"].includes(String(key[0]))
  );
  return JSON.stringify(lasting.map(({ key, versionstamp }) => [key, versionstamp]));
}
