"""Reads raw messages, one file each, with Python's own MIME parser and prints what it sees as JSON."""

import json
import sys
from email import message_from_binary_file, policy
from email.utils import getaddresses


def boxes(mail, name):
    """The mailboxes of a header; where a name says what this parser refuses, as they stand there."""
    try:
        return [(one.display_name, one.addr_spec) for one in mail[name].addresses] if mail[name] else []
    except ValueError:
        return getaddresses([value for key, value in mail.raw_items() if key == name])


seen = []
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        mail = message_from_binary_file(file, policy=policy.default)
    part = lambda kind: mail.get_body(preferencelist=(kind,)).get_content()
    seen.append({
        "headers": [name for name, _ in mail.raw_items()],
        "subject": mail["Subject"],
        "from": boxes(mail, "From"),
        "to": [address for _, address in boxes(mail, "To")],
        "replyTo": [address for _, address in boxes(mail, "Reply-To")],
        "messageId": mail["Message-ID"],
        "autoSubmitted": mail["Auto-Submitted"],
        "text": part("plain"),
        "html": part("html"),
        "defects": [str(defect) for defect in mail.defects],
    })
json.dump(seen, sys.stdout)
