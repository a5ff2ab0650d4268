import type { AuditCheck, AuditLineView } from "../domain/admin/audit_view.ts";
import { count } from "../islands/words.ts";
import type { AuditAct } from "../kv/schema.ts";
import { AdminNav } from "./admin_nav.tsx";
import { auditWords } from "./audit_words.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface AdminAuditProps {
  chrome: Chrome;
  /** Newest first. */
  lines: AuditLineView[];
  next: string | null;
  filter: { act?: AuditAct; member?: string; cursor?: string };
  check: AuditCheck;
}

/** Who did what to whom. */
export function AdminAuditPage({ chrome, lines, next, filter, check }: AdminAuditProps) {
  const { act = "", member = "" } = filter;
  const query = (change: Record<string, string>) =>
    `${new URLSearchParams(
      Object.entries({ act, member, ...change }).filter(([, value]) => value !== ""),
    )}`;
  const acts = Object.entries(auditWords).toSorted(([, a], [, b]) => a < b ? -1 : 1);
  return (
    <Document chrome={chrome} title="Audit log">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="audit" />
      <Check check={check} />
      <form method="get" action="/admin/audit" class="kind-form">
        <label>
          Act{" "}
          <select name="act">
            <option value="">all acts</option>
            {acts.map(([value, text]) => (
              <option key={value} value={value} selected={value === act}>{text}</option>
            ))}
          </select>
        </label>
        <label>
          Member{" "}
          <input
            name="member"
            defaultValue={member}
            maxLength={254}
            placeholder="address or id"
            autocomplete="off"
          />
        </label>
        <button type="submit">Filter</button>
        {(act || member) && <a class="button quiet" href="/admin/audit">Show all</a>}
      </form>
      {lines.length === 0
        ? <p class="none">Nothing here that fits.</p>
        : (
          <table class="admin-table audit">
            <caption class="unseen">The audit log, the newest first</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">By</th>
                <th scope="col">About</th>
                <th scope="col">When</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => <Line key={line.seq} line={line} chrome={chrome} />)}
            </tbody>
          </table>
        )}
      <p class="more row">
        {next && (
          <a class="button" rel="next" href={`/admin/audit?${query({ cursor: next })}`}>
            Look further
          </a>
        )}
        <a class="button quiet" href="/admin/audit.csv" download>Download as CSV</a>
        <a class="button quiet" href="/admin/audit.json" download>Download as JSON</a>
      </p>
    </Document>
  );
}

function Check({ check: { lines, whole, altered } }: Pick<AdminAuditProps, "check">) {
  const many = count(lines, "line", "lines");
  if (whole === null) {
    return (
      <p class="admin-word">
        {`${many}. `}
        <a href="/admin/audit?check=all">Check that none was altered</a>
      </p>
    );
  }
  return (
    <p class={`admin-word ${whole ? "ready" : "unready"}`}>
      <strong>{whole ? "The log is whole." : "The log was altered."}</strong>
      {whole
        ? ` ${many}, each as it was written; kept for 400 days.`
        : ` Line ${altered} is missing or is not as it was written.`}
    </p>
  );
}

function Line({ line, chrome: { now, reader } }: { line: AuditLineView } & { chrome: Chrome }) {
  const { act, by, byName, about, aboutName, facts, at, seq } = line;
  const words = Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`);
  return (
    <tr>
      <th scope="row">
        {Object.hasOwn(auditWords, act) ? auditWords[act] : act}
        {words.length > 0 && <small dir="auto">{words.join(" · ")}</small>}
      </th>
      <td>{by !== null && <Thing id={by} name={byName} act={act} />}</td>
      <td>
        {about !== null && (about === by && byName !== null
          ? "themselves"
          : <Thing id={about} name={aboutName} act={act} />)}
      </td>
      <td class="at">
        <Time at={at} now={now} reader={reader} />
        <small>{`no. ${seq}`}</small>
      </td>
    </tr>
  );
}

/** An account by its name; anything else by its id, with a way to it where there is one. */
function Thing({ id, name, act }: { id: string; name: string | null; act: AuditAct }) {
  if (name !== null) return <a href={`/admin/members/${id}`} dir="auto">{name}</a>;
  const short = <code>{id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id}</code>;
  return act === "broadcast_confirmed" || act === "broadcast_cancelled"
    ? <a href={`/admin/broadcasts/${id}`}>{short}</a>
    : <span title={id}>{short}</span>;
}
