export type AdminSection =
  | "overview"
  | "members"
  | "sending"
  | "suppressions"
  | "broadcasts"
  | "jobs"
  | "audit";

const sections = [
  { name: "overview", href: "/admin", text: "Overview" },
  { name: "members", href: "/admin/members", text: "Members" },
  { name: "sending", href: "/admin/sending", text: "Sending" },
  { name: "suppressions", href: "/admin/suppressions", text: "Suppressed" },
  { name: "broadcasts", href: "/admin/broadcasts", text: "Broadcasts" },
  { name: "jobs", href: "/admin/jobs", text: "Jobs" },
  { name: "audit", href: "/admin/audit", text: "Audit" },
] as const;

/** The ways to the admin's pages, above each of them. */
export function AdminNav({ section }: { section: AdminSection }) {
  return (
    <nav class="admin-nav" aria-label="Admin">
      {sections.map(({ name, href, text }) => (
        <a key={name} href={href} aria-current={name === section ? "page" : undefined}>{text}</a>
      ))}
    </nav>
  );
}
