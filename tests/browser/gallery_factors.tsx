import { AccountPage } from "../../views/account.tsx";
import { ProvePage } from "../../views/prove.tsx";
import { RecoveryCodesPage } from "../../views/recovery_codes.tsx";
import { SecondStepPage } from "../../views/second_step.tsx";
import { TotpPage } from "../../views/totp.tsx";
import { account } from "./gallery_accounts.tsx";
import { ada, chrome, DAY, HOUR, NOW, strangers } from "./gallery_samples.ts";

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const two = {
  ...account.factors,
  totp: { addedAt: NOW - 40 * DAY },
  passkeys: [
    { id: "p1", name: "Chrome on Linux", addedAt: NOW - 30 * DAY, usedAt: NOW - 2 * HOUR },
    { id: "p2", name: "The blue key in my drawer", addedAt: NOW - DAY, usedAt: null },
  ],
  codes: { left: 8, of: 10 },
};

export const factorPages = {
  second_step: (
    <SecondStepPage
      chrome={strangers()}
      shown="a…@example.org"
      next="/"
      totp
      passkeys
      wrong={{}}
    />
  ),
  second_step_refused: (
    <SecondStepPage
      chrome={strangers()}
      shown="a…@example.org"
      next="/"
      totp={false}
      passkeys={false}
      wrong={{ code: "Cannot go on with this code: it is not right, or was used already" }}
    />
  ),
  prove_factor: (
    <ProvePage
      chrome={chrome()}
      email={ada.email}
      next="/account"
      factor={{ totp: true, passkeys: true }}
      wrong={{ form: "Cannot go on: this passkey is not one of yours" }}
    />
  ),
  totp: (
    <TotpPage
      chrome={chrome()}
      secret={SECRET}
      uri={`otpauth://totp/Clock%20Work:ada?secret=${SECRET}&issuer=Clock%20Work`}
      offer="offer"
      wrong={{ code: "Cannot use this code: it is not the one that the app shows now" }}
    />
  ),
  recovery_codes: (
    <RecoveryCodesPage
      chrome={chrome()}
      codes={Array.from({ length: 10 }, (_, i) => `${i}k3m9p-7xw2qd-h5t8vz-r4n6jb`)}
      said="Your second factor is in use."
    />
  ),
  account_factors: <AccountPage {...account} factors={two} />,
  account_factor_needed: (
    <AccountPage
      {...account}
      chrome={chrome({
        viewer: { ...ada, role: "admin" },
        flash: { tone: "bad", text: "Admins need a second factor. Add one first." },
      })}
      factors={{ ...account.factors, passkeysWork: false, needed: true }}
    />
  ),
};
