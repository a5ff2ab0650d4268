const MAX_CHARACTERS = 300;

/**
 * What another server said, as one line that may be kept and shown: without control and formatting
 * characters, without any of `secrets`, at most 300 characters.
 */
export function oneLine(text: string, secrets: readonly string[] = []): string {
  let line = text;
  // A secret of three letters would be found in half of all words.
  for (const secret of secrets) if (secret.length > 3) line = line.replaceAll(secret, "…");
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim().slice(0, MAX_CHARACTERS)
    .toWellFormed();
}
