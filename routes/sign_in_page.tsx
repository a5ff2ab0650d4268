import { passkeysWork } from "../domain/factors/passkeys.ts";
import { SignInPage } from "../views/sign_in.tsx";
import { problemsOf } from "./form_body.ts";
import { statusFor } from "./refused.ts";
import type { Ctx } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** The page where one signs in, with what was wrong with the last try. */
export async function signInPage(
  site: Site,
  c: Ctx,
  { email = "", next, error }: { email?: string; next: string; error?: unknown },
): Promise<Response> {
  const wrong = error === undefined ? {} : { form: Object.values(problemsOf(error))[0] };
  const page = (
    <SignInPage
      chrome={await chromeOf(site, c)}
      email={email}
      next={next}
      passkeys={passkeysWork(site.app.config)}
      wrong={wrong}
    />
  );
  return show(c, page, error === undefined ? 200 : statusFor(c, error));
}
