import type { RecipientView } from "../../domain/recipients/recipient_list.ts";
import { InvitationPage } from "../../views/invitation.tsx";
import { RecipientsPage, type RecipientsPageProps } from "../../views/recipients.tsx";
import { chrome, DAY, HOUR, LONG_WORD, NOW, strangers } from "./gallery_samples.ts";

const recipient = (
  address: string,
  standing: RecipientView["standing"],
  change: Partial<RecipientView> = {},
): RecipientView => ({
  id: address,
  address,
  standing,
  why: null,
  invitedAt: NOW - 3 * DAY,
  decidedAt: standing === "pending" ? null : NOW - 2 * HOUR,
  ...change,
});

const page: RecipientsPageProps = {
  chrome: chrome({ outbox: false }),
  recipients: [
    recipient("ana@example.net", "allowed"),
    recipient("bob@example.net", "pending", { why: "was asked and has not answered yet" }),
    recipient("carla.with.a.rather.long.name@subdomain.example.com", "blocked", {
      why: "does not want mail from you",
    }),
    recipient("dmitri@example.com", "bounced", {
      why: "mail to this address came back: nobody is there",
    }),
  ],
  next: "c",
  askers: [
    { ownerId: "a", name: "Grace Hopper", state: "accepted", at: NOW - 9 * DAY },
    { ownerId: "b", name: LONG_WORD.slice(0, 40), state: "invited", at: NOW - HOUR },
    { ownerId: "c", name: "דוד", state: "refused", at: NOW - 40 * DAY },
  ],
  asks: true,
  policy: { is: "some", own: "ada@example.org", domains: ["example.org"] },
  to: "",
};

const asked = { from: "Ada Lovelace", never: false, action: "/i/t" } as const;

export const recipientPages = {
  recipients: <RecipientsPage {...page} />,
  recipients_refused: (
    <RecipientsPage
      {...page}
      recipients={[]}
      askers={[]}
      next={null}
      to="zoe@example.net"
      wrong="Cannot mail zoe@example.net: does not want mail from you"
    />
  ),
  recipients_outbox: (
    <RecipientsPage
      {...page}
      recipients={[]}
      askers={[]}
      next={null}
      asks={false}
      policy={{ is: "outbox" }}
    />
  ),
  invitation: <InvitationPage chrome={strangers()} {...asked} state="invited" />,
  invitation_accepted: <InvitationPage chrome={strangers()} {...asked} state="accepted" />,
  invitation_refused: <InvitationPage chrome={strangers()} {...asked} state="refused" />,
  invitation_never: <InvitationPage chrome={strangers()} {...asked} state="refused" never />,
};
