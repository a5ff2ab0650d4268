import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { AppError } from "../../core/errors.ts";
import { fileIn } from "../../routes/upload.ts";
import { joined } from "../support/zips.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A request whose body comes in pieces of these sizes. */
function request(body: Uint8Array, sizes: readonly number[], type: string): Request {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < body.length; i++) {
    const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? 7);
    pieces.push(body.slice(at, at + size));
    at += size;
  }
  return new Request("http://localhost/", {
    method: "POST",
    body: ReadableStream.from(pieces),
    headers: { "content-type": type },
  });
}

async function taken(request: Request): Promise<Uint8Array> {
  return joined(await Array.fromAsync(fileIn(request), (piece) => piece.slice()));
}

function refused(request: Request) {
  return assertRejects(() => taken(request), AppError, "Cannot read the upload");
}

const form = (file: Uint8Array, boundary: string, behind = "--\r\n") =>
  joined([
    bytesOf(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n` +
        `Content-Type: application/zip\r\n\r\n`,
    ),
    file,
    bytesOf(`\r\n--${boundary}${behind}`),
  ]);

Deno.test("a file comes out of a form as it went in, however the network cuts it", async () => {
  const boundary = "----B";
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom("\r\n", "\r\n--", "\r\n----", "----B", "\r\n----", "--", "\r").map(bytesOf),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), sizes, async (parts, sizes) => {
      const file = joined(parts);
      fc.pre(!new TextDecoder("latin1").decode(file).includes(`\r\n--${boundary}`));
      const type = `multipart/form-data; boundary=${boundary}`;
      assertEquals(await taken(request(form(file, boundary), sizes, type)), file);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a file comes out of a form as the platform itself writes it", async () => {
  const file = crypto.getRandomValues(new Uint8Array(60_000));
  const sent = new FormData();
  sent.set("file", new Blob([file]), 'a "b" ü.zip');
  const request = new Request("http://localhost/", { method: "POST", body: sent });
  assertEquals(await taken(request), file);
});

Deno.test("anything but a form of one file is refused", async () => {
  const type = "multipart/form-data; boundary=B";
  const file = bytesOf("PK");
  const two = joined([form(file, "B", "\r\n"), form(file, "B")]);
  await refused(request(two, [9], type));
  await refused(request(form(file, "B").slice(0, -4), [9], type));
  await refused(request(form(file, "B").slice(0, 60), [9], type));
  await refused(request(form(file, "other"), [9], type));
  await refused(request(bytesOf("noise"), [1], type));
  await refused(request(bytesOf(`--B\r\nX: ${"y".repeat(9_000)}`), [500], type));
  for (
    const other of [
      "multipart/form-data",
      "multipart/form-data; boundary=",
      `multipart/form-data; boundary=${"b".repeat(71)}`,
      "multipart/mixed; boundary=B",
      "application/zip",
    ]
  ) await refused(request(form(file, "B"), [9], other));
  const empty = { method: "POST", headers: { "content-type": type } };
  await refused(new Request("http://localhost/", empty));
});
