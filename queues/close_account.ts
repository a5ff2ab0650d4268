import { AppError } from "../core/errors.ts";
import { closeAccount } from "../domain/accounts/closing.ts";
import { cancel, completed, type Handler } from "../jobs/handler.ts";

/** Closes an account whose week is over, unless its owner has kept it. */
export const closeAccountJob: Handler<"close_account"> = async (app, { payload }) => {
  try {
    return await closeAccount(app, payload) ? completed() : cancel("its owner keeps it");
  } catch (error) {
    const settled = error instanceof AppError &&
      (error.code === "not_found" || error.code === "conflict");
    if (settled) return cancel(error.message);
    throw error;
  }
};
