import type { OwnAddressView } from "../domain/recipients/own_addresses.ts";
import { Field, FormProblem } from "./field.tsx";
import { Chip } from "../islands/marks.tsx";
import type { Wrong } from "./chrome.ts";

export interface OwnAddressesProps {
  addresses: OwnAddressView[];
  /** What was typed into the field, and what is wrong with it. */
  text: string;
  wrong: Wrong;
}

/** Further addresses of one's own: mail to them is mail to oneself. */
export function OwnAddresses({ addresses, text, wrong }: OwnAddressesProps) {
  return (
    <section id="addresses" class="card sheet-form addresses" aria-labelledby="addresses-title">
      <h2 id="addresses-title">Further addresses</h2>
      {addresses.length > 0 && (
        <ul>
          {addresses.map((one) => <Line key={one.id} {...one} />)}
        </ul>
      )}
      <form class="add" method="post" action="/account/addresses">
        <FormProblem text={wrong[""]} />
        <Field
          name="address"
          label="Add an address"
          type="email"
          autocomplete="email"
          required
          maxLength={254}
          defaultValue={text}
          hint="Up to five. A letter goes there; its link makes the address yours. Was all mail there once stopped? Let it come again first, by the link at the end of any mail."
          wrong={wrong.address}
        />
        <button type="submit">Send the letter</button>
      </form>
      <p class="hint">
        Others you write to are <a href="/recipients">your recipients</a>.
      </p>
    </section>
  );
}

function Line({ id, address, proven }: OwnAddressView) {
  return (
    <li>
      <p>
        <bdi>{address}</bdi>
        <Chip
          sign={proven
            ? { word: "Confirmed", mark: "done", tone: "good" }
            : { word: "Letter not answered yet", mark: "wait", tone: "time" }}
        />
      </p>
      <form method="post" action={`/account/addresses/${id}/remove`}>
        <button type="submit" class="quiet" aria-label={`Remove ${address}`}>Remove</button>
      </form>
    </li>
  );
}
