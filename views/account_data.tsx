import type { JobView } from "../jobs/view.ts";
import type { ImportReport, StoredFile } from "../kv/schema.ts";
import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FormProblem } from "./field.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { Time } from "./time.tsx";

export interface AccountDataProps {
  chrome: Chrome;
  /** The last file to take away, while it can be fetched or is being written. */
  taken: { file: Pick<StoredFile, "bytes" | "readyAt" | "expiresAt">; job: JobView | null } | null;
  /** The last file that was brought. */
  brought: { report: ImportReport; sentence: string; job: JobView | null } | null;
  wrong: Wrong;
}

/** One's data: a file with all of it to take away, and the same file brought back. */
export function AccountDataPage(props: AccountDataProps) {
  const { chrome, taken, wrong } = props;
  const atWork = taken?.job?.finishedAt === null;
  return (
    <Document chrome={chrome} title="Your data">
      <p class="crumbs">
        <a href="/account">
          <BackIcon /> Account
        </a>
      </p>
      <h1 class="page-title">Your data</h1>
      <div class="panes">
        <section class="card sheet-form" aria-labelledby="take">
          <h2 id="take">Take it with you</h2>
          <p>
            One zip file with everything: each note as Markdown, reminders as JSON and as a
            calendar, what became of each message as a table, your settings and recipients.
          </p>
          <Taken {...props} />
          {!atWork && (
            <form method="post" action="/account/data/export">
              <FormProblem text={wrong.export} />
              <button type="submit" class={taken ? undefined : "primary"}>
                {taken ? "Make a new file" : "Make the file"}
              </button>
            </form>
          )}
          <p class="hint">Once an hour. A mail tells you when it is ready.</p>
        </section>
        <section class="card sheet-form" aria-labelledby="bring">
          <h2 id="bring">Bring it back</h2>
          <p>
            Such a file, of this account or of another one. Notes and reminders that are here
            already stay as they are; reminders mail only those who have agreed to it.
          </p>
          <Brought {...props} />
          <form method="post" action="/account/data/import" enctype="multipart/form-data">
            <FormProblem text={wrong.form} />
            <div class="field">
              <label for="file">Zip file</label>
              <input
                type="file"
                id="file"
                name="file"
                accept=".zip,application/zip"
                required
                aria-describedby="file-hint"
                aria-invalid={wrong.file ? true : undefined}
              />
              <div
                id="file-hint"
                class={wrong.file ? "wrong" : "hint"}
                role={wrong.file ? "alert" : undefined}
              >
                {wrong.file ?? "At most 20 MB, three times a day."}
              </div>
            </div>
            <button type="submit">Take in the file</button>
          </form>
        </section>
      </div>
    </Document>
  );
}

function Taken({ chrome: { now, reader }, taken }: AccountDataProps) {
  if (taken === null) return null;
  const { file, job } = taken;
  if (file.readyAt === null) return <Work job={job} doing="Writing the file" />;
  return (
    <p class="data-file">
      <a class="button primary" href="/account/data/export.zip" download>
        Download {sizeOf(file.bytes)}
      </a>
      <small>
        Made <Time at={file.readyAt} now={now} reader={reader} how="full" />, to be fetched until
        {" "}
        <Time at={file.expiresAt} now={now} reader={reader} how="full" />
      </small>
    </p>
  );
}

function Brought({ brought }: AccountDataProps) {
  if (brought === null) return null;
  const { report, sentence, job } = brought;
  if (job !== null && job.finishedAt === null) {
    return <Work job={job} doing="Reading the file" />;
  }
  return (
    <div class="data-file" role="status">
      <p>{`${sentence}.`}</p>
      {report.preferences && <p>Your choice of notifications is that of the file.</p>}
      {report.unagreed !== undefined && report.unagreed.length > 0 && (
        <details>
          <summary>Who has not agreed</summary>
          <ul class="why">
            {report.unagreed.map((address) => <li key={address} dir="auto">{address}</li>)}
          </ul>
          <p>
            <a href="/recipients">Ask them</a>, and write them into the reminders once they agree.
          </p>
        </details>
      )}
      {report.why.length > 0 && (
        <details>
          <summary>What was left out</summary>
          <ul class="why">
            {report.why.map((line, i) => <li key={i} dir="auto">{line}</li>)}
          </ul>
        </details>
      )}
    </div>
  );
}

/** A job that is under way, live. */
function Work({ job, doing }: { job: JobView | null; doing: string }) {
  if (job === null) return null;
  return <Island name="FileWork" props={{ job, doing }} />;
}

/** "3 kB", "1.4 MB" */
function sizeOf(bytes: number): string {
  if (bytes < 999_500) return `${Math.max(1, Math.round(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
