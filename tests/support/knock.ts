import { type At, type Door, type Fields, FILE } from "./doors/mod.ts";
import type { Client, Sent } from "./http.ts";
import { zipOf } from "./zips.ts";

/** A door by its name, "POST /notes/:id". */
export function partsOf(name: string): { method: string; path: string; isApi: boolean } {
  const [method = "", path = ""] = name.split(" ");
  return { method, path, isApi: path.startsWith("/api/") };
}

/** The address of a door, with a name in the place of its parameter. */
export function addressOf(name: string, id: string): string {
  return partsOf(name).path.replace(/:\w+/g, encodeURIComponent(id)).replace("*", "app.css");
}

/** The body that a door takes. */
export async function bodyOf({ takes = {} }: Door, at: At): Promise<Fields> {
  return typeof takes === "function" ? await takes(at) : takes;
}

/** What a page of ours would send to a door. */
export function requestTo(name: string, fields: Fields, headers: Sent["headers"] = {}): Sent {
  const { method, isApi } = partsOf(name);
  const accept = { accept: isApi ? "application/json" : "text/html", ...headers };
  if (method === "GET") return { method, headers: accept };
  if (FILE in fields) return { method, raw: fileForm(fields), headers: accept };
  const form = Object.entries(fields).map(([field, value]) => [field, String(value)]);
  const body = isApi ? { json: fields } : { form: Object.fromEntries(form) };
  return { method, ...body, headers: accept };
}

/** A form with a zip file that holds one note, and other fields. */
function fileForm({ [FILE]: name, ...others }: Fields): FormData {
  const form = new FormData();
  const zip = zipOf({ [String(name)]: "# Brought\n\nwords\n" });
  form.append(FILE, new Blob([zip]), "data.zip");
  for (const [field, value] of Object.entries(others)) form.append(field, String(value));
  return form;
}

/** Sends to a door what it takes. */
export async function knock(
  client: Client,
  [name, door]: [name: string, door: Door],
  at: At,
): Promise<Response> {
  return await client.send(addressOf(name, at.id), requestTo(name, await bodyOf(door, at)));
}
