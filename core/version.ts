import config from "../deno.json" with { type: "json" };

/** Of this tree, as in deno.json. */
export const VERSION: string = config.version;
