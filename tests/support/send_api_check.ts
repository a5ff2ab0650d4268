/** One error as the Send API words it. */
export interface Problem {
  ErrorIdentifier: string;
  ErrorCode: string;
  StatusCode: number;
  ErrorMessage: string;
  ErrorRelatedTo?: string[];
}

/** A message of a call, once it was found right. */
export interface ApiMessage {
  From: ApiMailbox;
  To: ApiMailbox[];
  ReplyTo?: ApiMailbox;
  Subject?: string;
  TextPart?: string;
  HTMLPart?: string;
  CustomID?: string;
  Headers?: Record<string, string>;
  TrackOpens?: string;
  TrackClicks?: string;
}

export interface ApiMailbox {
  Email: string;
  Name?: string;
}

const PROPERTIES = new Set([
  "From",
  "To",
  "ReplyTo",
  "Subject",
  "TextPart",
  "HTMLPart",
  "CustomID",
  "Headers",
  "TrackOpens",
  "TrackClicks",
]);

/** Headers with a property of their own, and those that only the provider may set. */
const FORBIDDEN_HEADER =
  /^(from|sender|subject|to|cc|bcc|reply-to|return-path|delivered-to|date|message-id|list-id|received(-spf)?|dkim-signature|domainkey-status|authentication-results|user-agent|x-mailer|x-csa-complaints|(x-)?feedback-id|x-mj-.*|x-mailjet-.*)$/i;
const EMAIL = /^[^\s@<>,;:"()[\]\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

export function problem(code: string, message: string, related?: string[], status = 400): Problem {
  return {
    ErrorIdentifier: crypto.randomUUID(),
    ErrorCode: code,
    StatusCode: status,
    ErrorMessage: message,
    ...(related && { ErrorRelatedTo: related }),
  };
}

/** What is wrong with a whole call, or its messages. Unknown properties spoil all of it. */
export function readCall(body: unknown): Problem | unknown[] {
  if (!isRecord(body) || Object.keys(body).some((key) => key !== "Messages")) return malformed();
  const { Messages: messages } = body;
  if (!Array.isArray(messages)) {
    return problem("mj-0003", "The Messages is mandatory but missing from the input", ["Messages"]);
  }
  if (messages.length === 0) return problem("mj-0007", "Messages cannot be empty", ["Messages"]);
  if (messages.length > 50) return problem("mj-0008", "Too many elements", ["Messages"]);
  const known = (message: unknown) =>
    isRecord(message) && Object.keys(message).every((key) => PROPERTIES.has(key));
  return messages.every(known) ? messages : malformed();
}

function malformed(): Problem {
  return problem("mj-0002", "Malformed JSON, please review the syntax and properties types.");
}

/** What is wrong with one message; nothing when the API would take it. */
export function problemsOf(message: unknown, senders?: readonly string[]): Problem[] {
  if (!isRecord(message)) return [malformed()];
  const problems = [
    ...mailboxProblems("From", message.From),
    ...recipientProblems(message.To),
    ...(message.ReplyTo === undefined ? [] : mailboxProblems("ReplyTo", message.ReplyTo)),
    ...headerProblems(message.Headers ?? {}),
  ];
  for (const name of ["Subject", "TextPart", "HTMLPart", "CustomID"]) {
    const value = message[name];
    if (value !== undefined && typeof value !== "string") {
      problems.push(problem("mj-0004", 'Type mismatch. Expected type "string".', [name]));
    }
  }
  if (String(message.Subject ?? "").length > 255) {
    problems.push(problem("mj-0006", "Maximum length of 255 characters exceeded.", ["Subject"]));
  }
  if (!message.TextPart && !message.HTMLPart) {
    const parts = ["TextPart", "HTMLPart", "TemplateID"];
    const words = 'At least "HTMLPart", "TextPart" or "TemplateID" must be provided.';
    problems.push(problem("send-0003", words, parts));
  }
  for (const name of ["TrackOpens", "TrackClicks"]) {
    if (!["account_default", "disabled", "enabled", undefined].includes(message[name] as string)) {
      problems.push(problem("mj-0005", "Property value is not allowed.", [name]));
    }
  }
  const sender = isRecord(message.From) ? String(message.From.Email) : "";
  if (problems.length === 0 && senders !== undefined && !senders.includes(sender)) {
    const words = `"${sender}" is not an authorized sender email address for your account.`;
    problems.push(problem("send-0008", words, ["From"], 403));
  }
  return problems;
}

function mailboxProblems(at: string, value: unknown): Problem[] {
  if (value === undefined || value === null) {
    return [problem("mj-0003", `The ${at} is mandatory but missing from the input`, [at])];
  }
  const { Email: email, Name: name, ...rest } = isRecord(value) ? value : { wrong: value };
  if (Object.keys(rest).length > 0 || (name !== undefined && typeof name !== "string")) {
    return [problem("mj-0004", 'Type mismatch. Expected type "email".', [at])];
  }
  if (typeof email === "string" && EMAIL.test(email)) return [];
  return [problem("mj-0013", `"${email}" is an invalid email address.`, [`${at}.Email`])];
}

function recipientProblems(value: unknown): Problem[] {
  if (value === undefined) return mailboxProblems("To", value);
  if (!Array.isArray(value)) {
    return [problem("mj-0004", 'Type mismatch. Expected type "array of emails".', ["To"])];
  }
  if (value.length === 0) return [problem("mj-0007", "To cannot be empty", ["To"])];
  if (value.length > 50) return [problem("send-0015", "Too many recipients", ["To", "CC", "Bcc"])];
  return value.flatMap((mailbox, i) => mailboxProblems(`To[${i}]`, mailbox));
}

function headerProblems(headers: unknown): Problem[] {
  if (!isRecord(headers)) return [problem("mj-0004", "Type mismatch.", ["Headers"])];
  return Object.entries(headers).flatMap(([name, value]) => {
    const at = `Headers["${name}"]`;
    if (typeof value !== "string" || /[\r\n]/.test(value)) {
      return [problem("mj-0004", 'Type mismatch. Expected type "string".', [at])];
    }
    const words = "Header cannot be customized using Headers collection.";
    return FORBIDDEN_HEADER.test(name) ? [problem("send-0011", words, [at])] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
