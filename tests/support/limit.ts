/** Longest that one test may take, ms: several times what the slowest takes on two busy cores. */
const LIMIT_MS = 300_000;

type Body = (t: Deno.TestContext) => void | Promise<void>;

const test = Deno.test;

/** `Deno.test()` under which a test that hangs fails by name, and the run goes on. */
function limited(name: string, fn: Body): void {
  test({ name, fn, timeout: LIMIT_MS });
}

Object.assign(Deno, { test: Object.assign(limited, test) });
