"""Reads raw messages, one file each, with Python's own MIME parser and prints what it sees as JSON."""

import json
import sys
from email import message_from_binary_file, policy

seen = []
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        mail = message_from_binary_file(file, policy=policy.default)
    part = lambda kind: mail.get_body(preferencelist=(kind,)).get_content()
    seen.append({
        "headers": [name for name, _ in mail.items()],
        "subject": mail["Subject"],
        "from": [(one.display_name, one.addr_spec) for one in mail["From"].addresses],
        "to": [one.addr_spec for one in mail["To"].addresses],
        "replyTo": [one.addr_spec for one in mail["Reply-To"].addresses],
        "messageId": mail["Message-ID"],
        "autoSubmitted": mail["Auto-Submitted"],
        "text": part("plain"),
        "html": part("html"),
        "defects": [str(defect) for defect in mail.defects],
    })
json.dump(seen, sys.stdout)
