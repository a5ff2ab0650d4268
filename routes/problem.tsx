import { ProblemPage } from "../views/problem.tsx";
import { renderPage } from "../views/render.ts";
import type { Failure, FailurePage } from "./errors.ts";
import { chromeOf, type Site } from "./site.ts";

/** What went wrong as a page: what, why, what now. */
export function problemPage(site: Site): FailurePage {
  return async (c, failure) => {
    const account = c.var.account ?? null;
    if (account === undefined) c.set("account", null);
    const page = (
      <ProblemPage
        chrome={await chromeOf(site, c)}
        status={failure.status}
        what={headings[failure.status] ?? "Something went wrong"}
        why={`${failure.message}.`}
        next={nextSteps(failure, account !== null)}
        requestId={failure.status >= 500 ? c.var.requestId : undefined}
      />
    );
    return c.html(renderPage(page), failure.status);
  };
}

const headings: Partial<Record<number, string>> = {
  400: "That cannot be read",
  401: "Sign in first",
  403: "Not from there",
  404: "There is nothing here",
  405: "Not this way",
  409: "It has changed meanwhile",
  413: "That is too much",
  429: "Too fast",
  503: "Not just now",
};

function nextSteps({ status }: Failure, signedIn: boolean): { label: string; href: string }[] {
  const home = { label: signedIn ? "Go to the notes" : "Go to the first page", href: "/" };
  return status === 401 ? [{ label: "Sign in", href: "/sign-in" }, home] : [home];
}
