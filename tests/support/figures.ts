/** Prints what a test measured. */
// deno-lint-ignore no-console -- for a person who reads the run
export const say = (line: string): void => console.log(line);
