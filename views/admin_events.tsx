/** The address that Mailjet is to be given, shown when asked for: whoever has it can say what bounced. */
export function MailjetEvents({ url }: { url: string }) {
  return (
    <details class="card sheet-form events">
      <summary>Where Mailjet tells of bounces and complaints</summary>
      <p>
        Give Mailjet this address for the events bounce, spam, blocked and unsub, at Account
        settings, Event notifications. It holds a password: show it to nobody.
      </p>
      <p>
        <code>{url}</code>
      </p>
    </details>
  );
}
