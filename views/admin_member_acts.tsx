import type { MemberView } from "../domain/admin/member_view.ts";

/** What an admin can do with a member. */
export function MemberActs({ member, self }: { member: MemberView; self: boolean }) {
  const { id, name, role, suspended, verified, closedAt, factorAt, sessions } = member;
  const closed = closedAt !== undefined;
  const other = role === "admin" ? "member" : "admin";
  const mayChange = !self && !closed && (role === "admin" || verified !== null && !suspended);
  return (
    <section class="card sheet-form" aria-labelledby="acts">
      <h2 id="acts">What you can do</h2>
      {self && (
        <p class="lead">
          This is you. Another admin can change your role or suspend you, so there is always one.
        </p>
      )}
      {closed && <p class="lead">The account is closed by its owner.</p>}
      {!self && !closed && (
        <Act
          action={`/admin/members/${id}/${suspended ? "restore" : "suspend"}`}
          button={suspended ? `Restore ${name}` : `Suspend ${name}`}
          danger={!suspended}
          says={suspended
            ? "They can sign in again. What was not sent meanwhile is not made up for."
            : "They are signed out within seconds, cannot sign in, and nothing of theirs leaves. Nothing is deleted."}
        />
      )}
      {mayChange && (
        <Act
          action={`/admin/members/${id}/role`}
          fields={{ role: other }}
          button={other === "admin" ? `Make ${name} an admin` : `Make ${name} a member`}
          says="They are signed out and go on with the other rights when they sign in."
        />
      )}
      {!self && !closed && sessions > 0 && (
        <Act
          action={`/admin/members/${id}/sessions`}
          button="End all sessions"
          says="They must sign in again everywhere."
        />
      )}
      {!self && !closed && factorAt !== undefined && (
        <Act
          action={`/admin/members/${id}/factors`}
          button="Remove their second factors"
          says="For who has lost them all: be sure that it is them who asks. They are signed out, and told by mail."
        />
      )}
      <p>
        <a href={`/admin/audit?${new URLSearchParams({ member: id })}`}>
          {`What the audit log says of ${self ? "you" : "them"}`}
        </a>
      </p>
    </section>
  );
}

function Act({ action, button, says, fields = {}, danger = false }: {
  action: string;
  button: string;
  says: string;
  fields?: Record<string, string>;
  danger?: boolean;
}) {
  return (
    <form method="post" action={action} class="act">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={danger ? "danger" : undefined}>{button}</button>
      <p class="hint">{says}</p>
    </form>
  );
}
