import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, call } from "./api.ts";

export interface PasskeyButtonProps {
  /** Makes one for who is signed in, or uses one. */
  does: "add" | "use";
  label: string;
  primary?: boolean;
}

/**
 * Has the device make or use a passkey, and sends the form it stands in with what came of it. In a
 * browser that has none it stays hidden.
 */
export function PasskeyButton({ does, label, primary = false }: PasskeyButtonProps) {
  const [is, setIs] = useState<"hidden" | "ready" | "busy">("hidden");
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setIs(hasPasskeys() ? "ready" : "hidden"), []);
  const press = async () => {
    setIs("busy");
    setProblem("");
    try {
      const credential = await (does === "add" ? make() : use());
      if (!field.current?.form) return;
      field.current.value = JSON.stringify(credential);
      field.current.form.requestSubmit();
    } catch (error) {
      if (error instanceof ApiError && error.code === "proof_needed") {
        location.assign(`/prove?next=${encodeURIComponent("/account#factor")}`);
      }
      setProblem(inWords(error));
    }
    setIs("ready");
  };
  return (
    <>
      <input ref={field} type="hidden" name="credential" />
      <button
        type="button"
        class={primary ? "primary" : undefined}
        hidden={is === "hidden"}
        disabled={is === "busy"}
        onClick={press}
      >
        {label}
      </button>
      <p class="wrong passkey-problem" role="alert">{problem}</p>
    </>
  );
}

function hasPasskeys(): boolean {
  return "PublicKeyCredential" in globalThis &&
    "parseCreationOptionsFromJSON" in PublicKeyCredential;
}

async function ask<T>(path: string): Promise<T> {
  const headers = { "content-type": "application/json" };
  const [options] = await call<T>(path, { method: "POST", headers, body: "{}" });
  if (options === null) throw new Error("There was no answer");
  return options;
}

async function make(): Promise<unknown> {
  const json = await ask<PublicKeyCredentialCreationOptionsJSON>(
    "/api/me/factors/passkeys/options",
  );
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return toJson(await navigator.credentials.create({ publicKey }));
}

async function use(): Promise<unknown> {
  const json = await ask<PublicKeyCredentialRequestOptionsJSON>("/api/session/passkey/options");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
  return toJson(await navigator.credentials.get({ publicKey }));
}

function toJson(made: Credential | null): unknown {
  if (made instanceof PublicKeyCredential) return made.toJSON();
  throw new Error("The browser gave no passkey");
}

function inWords(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") return "No passkey was used. Try again when you are ready.";
  if (name === "InvalidStateError") return "This device has a passkey of yours already.";
  return "The browser could not use a passkey here.";
}
