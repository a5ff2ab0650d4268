import { AppError, notFound } from "../core/errors.ts";
import { exportOf, requestExport } from "../domain/data/exports.ts";
import { fileParts } from "../domain/data/files.ts";
import { importOf, importSentence, receiveImport } from "../domain/data/imports.ts";
import { AccountDataPage } from "../views/account_data.tsx";
import type { Wrong } from "../views/chrome.ts";
import { problemsOf } from "./form_body.ts";
import { IMPORT_PATH } from "./limits.ts";
import { proved } from "./proof.ts";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { fileIn } from "./upload.ts";

const PATH = "/account/data";

/** One's data: taken away as one file, and brought back. */
export const dataPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get(PATH, signedIn, (c) => dataPage(site, c, {}))
    .post(`${PATH}/export`, signedIn, proved(app, PATH), async (c) => {
      try {
        await requestExport(app, { accountId: me(c).id });
      } catch (error) {
        const { "": said } = problemsOf(error);
        return await dataPage(site, c, { export: said }, error);
      }
      return c.redirect(PATH, 303);
    })
    .get(`${PATH}/export.zip`, signedIn, proved(app), async (c) => {
      const { file } = await exportOf(app, me(c).id);
      if (file === null || file.readyAt === null) throw notFound("file");
      const day = new Date(file.readyAt).toISOString().slice(0, 10);
      return c.body(ReadableStream.from(fileParts(app, file)), 200, {
        "Content-Type": "application/zip",
        "Content-Length": String(file.bytes),
        "Content-Disposition": `attachment; filename="clock-work-${day}.zip"`,
      });
    })
    .post(IMPORT_PATH, signedIn, async (c) => {
      try {
        await receiveImport(app, { accountId: me(c).id, pieces: fileIn(c.req.raw) });
      } catch (error) {
        const { "": form, ...fields } = problemsOf(error);
        return await dataPage(site, c, { ...fields, form }, error);
      }
      return c.redirect(PATH, 303);
    });
};

async function dataPage(site: Site, c: Ctx, wrong: Wrong, error?: unknown): Promise<Response> {
  const { app } = site;
  const { id } = me(c);
  const chrome = await chromeOf(site, c); // first: what is told later is told by the socket
  const [taken, brought] = await Promise.all([exportOf(app, id), importOf(app, id)]);
  const { report, job } = brought;
  const page = (
    <AccountDataPage
      chrome={chrome}
      taken={taken.file && { file: taken.file, job: taken.job }}
      brought={report && { report, sentence: importSentence(report), job }}
      wrong={wrong}
    />
  );
  return show(c, page, error instanceof AppError ? statusFor(c, error) : 200);
}
