/** Longest that one test may take, ms: several times what the slowest takes on two busy cores. */
const LIMIT_MS = 300_000;

/**
 * A browser that is gone ends its sockets when it likes, and what of ours still waits for that is no
 * leak; everywhere else a call that is not waited for is one.
 */
const sanitizeOps = !Deno.mainModule.includes("/tests/browser/");

type Body = (t: Deno.TestContext) => void | Promise<void>;

const test = Deno.test;

/** `Deno.test()` under which a test that hangs fails by name, and the run goes on. */
function limited(name: string, fn: Body): void {
  test({ name, fn, timeout: LIMIT_MS, sanitizeOps });
}

Object.assign(Deno, { test: Object.assign(limited, test) });
