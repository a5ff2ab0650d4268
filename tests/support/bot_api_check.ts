import { BotApiError, readHtml } from "./bot_api_html.ts";

export type Params = Record<string, unknown>;

/** A button as the Bot API writes it. */
export interface Button {
  text: string;
  callback_data?: string;
  url?: string;
}

const MAX_TEXT = 4_096;
/** TDLib takes text for empty that has nothing else. */
const BLANK = /^[\s\p{Cc}\p{Cf}\p{Z}\u2800\ufffc]*$/u;

export function badRequest(words: string): BotApiError {
  return new BotApiError(400, `Bad Request: ${words}`);
}

/** The words of a message as they are seen; `tooLong` are those of the method. */
export function checkText(params: Params, tooLong = "message is too long"): string {
  const { text: given = "", parse_mode: mode = "" } = params;
  if (typeof given !== "string" || given === "") throw badRequest("message text is empty");
  if (!given.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  if (mode !== "" && String(mode).toLowerCase() !== "html") {
    throw badRequest("unsupported parse_mode");
  }
  const text = (mode === "" ? given : readHtml(given)).trim();
  if (BLANK.test(text)) throw badRequest("message text is empty");
  if (text.length > MAX_TEXT) throw badRequest(tooLong);
  return text;
}

/** The rows of an inline keyboard; none where there is no markup. */
export function checkButtons(markup: unknown): Button[][] {
  if (markup === undefined) return [];
  const rows = isRecord(markup) ? markup.inline_keyboard : undefined;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest("object expected as reply markup");
  }
  const buttons = rows.flat();
  if (buttons.length > 100) throw badRequest("REPLY_MARKUP_TOO_LONG");
  for (const button of buttons) checkButton(button);
  return (rows as Button[][]).filter((row) => row.length > 0);
}

function checkButton(button: unknown): void {
  const cannot = "can't parse inline keyboard button:";
  if (!isRecord(button)) throw badRequest(`${cannot} Inline keyboard button must be an Object`);
  const { text, callback_data: data, url } = button;
  if (typeof text !== "string") throw badRequest(`${cannot} Can't find field "text"`);
  if (text.trim() === "") throw badRequest("BUTTON_TEXT_INVALID");
  if (data === undefined && url === undefined) {
    throw badRequest(`${cannot} Text buttons are unallowed in the inline keyboard`);
  }
  if (data !== undefined && url !== undefined) throw badRequest("BUTTON_TYPE_INVALID");
  if (data !== undefined) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data).length : 0;
    if (bytes < 1 || bytes > 64) throw badRequest("BUTTON_DATA_INVALID");
    return;
  }
  const parsed = URL.parse(String(url));
  const wrong = parsed === null || !/^(https?|tg):$/.test(parsed.protocol) ||
    parsed.protocol !== "tg:" && !parsed.hostname.includes(".");
  if (wrong) throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
}

export function checkCommands(commands: unknown): void {
  if (!Array.isArray(commands)) throw badRequest("can't parse commands JSON object");
  if (commands.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  for (const one of commands) {
    const { command, description } = isRecord(one) ? one : {};
    if (!/^[a-z0-9_]{1,32}$/.test(String(command))) throw badRequest("BOT_COMMAND_INVALID");
    if (typeof description !== "string" || !/^.{1,256}$/su.test(description)) {
      throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
  }
}

export function checkWebhook({ url, secret_token: secret, max_connections: most }: Params): string {
  const parsed = URL.parse(String(url ?? ""));
  if (parsed?.protocol !== "https:") {
    throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  }
  if (!["", "80", "88", "8443"].includes(parsed.port)) {
    throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
  }
  if (secret !== undefined && !/^[\w-]{1,256}$/.test(String(secret))) {
    throw badRequest("secret token contains unallowed characters");
  }
  if (most !== undefined && !(Number(most) >= 1 && Number(most) <= 100)) {
    throw badRequest("max_connections is out of range");
  }
  return parsed.href;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
