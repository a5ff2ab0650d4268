/** What answers requests; `from` is the network address of who sends them. */
export type Fetch = (request: Request, from: string) => Response | Promise<Response>;

export interface ClientOptions {
  origin?: string;
  /** Its network address. */
  from?: string;
}

export interface Sent {
  method?: string;
  json?: unknown;
  form?: Record<string, string>;
  /** As it is, with the type that `headers` say. */
  raw?: BodyInit;
  /** Instead of what a browser would send; null leaves one out. */
  headers?: Record<string, string | null>;
}

/** A browser with a page of ours open: keeps cookies, and says where its requests come from. */
export class Client {
  readonly cookies = new Map<string, string>();
  readonly origin: string;
  from: string;

  constructor(
    private readonly fetch: Fetch,
    { origin = "http://localhost:8000", from = "203.0.113.7" }: ClientOptions = {},
  ) {
    this.origin = origin;
    this.from = from;
  }

  get(path: string, sent: Sent = {}): Promise<Response> {
    return this.send(path, sent);
  }

  post(path: string, json: unknown, sent: Sent = {}): Promise<Response> {
    return this.send(path, { method: "POST", json, ...sent });
  }

  postForm(path: string, form: Record<string, string>, sent: Sent = {}): Promise<Response> {
    return this.send(path, { method: "POST", form, ...sent });
  }

  patch(path: string, json: unknown): Promise<Response> {
    return this.send(path, { method: "PATCH", json });
  }

  delete(path: string): Promise<Response> {
    return this.send(path, { method: "DELETE" });
  }

  /** Sends a request as a page would by `fetch` or a form. Redirects are not followed. */
  async send(path: string, sent: Sent = {}): Promise<Response> {
    return await this.deliver(this.request(path, sent));
  }

  /** Sends a request as it is, and keeps the cookies of its answer. */
  async deliver(request: Request): Promise<Response> {
    const response = await this.fetch(request, this.from);
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  request(path: string, { method = "GET", json, form, raw, headers = {} }: Sent = {}): Request {
    const isSafe = method === "GET" || method === "HEAD";
    const body = json !== undefined
      ? JSON.stringify(json)
      : form
      ? new URLSearchParams(form).toString()
      : raw;
    const type = json !== undefined
      ? "application/json"
      : form
      ? "application/x-www-form-urlencoded"
      : null;
    const all: Record<string, string | null> = {
      "accept": form ? "text/html" : "application/json",
      "user-agent": "Test/1.0",
      "sec-fetch-site": "same-origin",
      "origin": isSafe ? null : this.origin,
      "content-type": type,
      "cookie": [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") || null,
      ...headers,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] =>
      entry[1] !== null
    );
    return new Request(this.origin + path, { method, body, headers: given });
  }

  #keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(/; ?/);
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (attributes.some((attribute) => attribute.toLowerCase() === "max-age=0")) {
      this.cookies.delete(name);
    } else this.cookies.set(name, value);
  }
}

/** Reads an answer in JSON. */
export async function jsonOf<T = Record<string, unknown>>(response: Response): Promise<T> {
  return await response.json() as T;
}

/** The code and the field of an answer to an error. */
export async function errorOf(response: Response) {
  const { error } = await jsonOf<{ error: { code: string; message: string; field?: string } }>(
    response,
  );
  return error;
}
