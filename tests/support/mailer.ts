import type { Answer } from "../../core/answer.ts";
import type { Mail, Mailer } from "../../core/mail.ts";

/** A provider that keeps what it accepts and answers as it is told. */
export class TestMailer implements Mailer {
  readonly name: Mailer["name"];
  readonly batch: number;
  readonly idempotent: boolean;
  /** Accepted messages, each time they were. */
  readonly accepted: Mail[] = [];
  readonly calls: Mail[][] = [];
  readonly asked: string[] = [];
  lookup?: Mailer["lookup"];
  /** What to say to a message; accepted by default. */
  answer: (mail: Mail, call: number) => Answer | Promise<Answer> = (mail) => this.accept(mail);

  constructor({ name = "smtp", batch = 1, idempotent = false, lookup = false }: {
    name?: Mailer["name"];
    batch?: number;
    idempotent?: boolean;
    lookup?: boolean;
  } = {}) {
    this.name = name;
    this.batch = batch;
    this.idempotent = idempotent;
    if (lookup) {
      this.lookup = (ref) => {
        this.asked.push(ref);
        const found = this.accepted.some((mail) => mail.ref === ref);
        return Promise.resolve(found ? { found, providerId: `id-${ref}` } : { found });
      };
    }
  }

  accept(mail: Mail): Answer {
    this.accepted.push(mail);
    return { is: "accepted", providerId: `id-${mail.ref}` };
  }

  async send(mails: readonly Mail[]): Promise<Answer[]> {
    this.calls.push([...mails]);
    const call = this.calls.length;
    return await Promise.all(mails.map((mail) => this.answer(mail, call)));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Who got a message, in order, as often as they did. */
  recipients(): string[] {
    return this.accepted.map(({ to }) => to.address);
  }
}
