"""Reads the zip file that is named: prints what Python's own readers find in it, as JSON."""
import csv
import io
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    broken = archive.testzip()
    names = archive.namelist()
    notes = [archive.read(name).decode("utf-8") for name in names if name.startswith("notes/")]
    table = archive.read("deliveries.csv").decode("utf-8")
    rows = list(csv.reader(io.StringIO(table, newline=""), strict=True))
    account = json.loads(archive.read("account.json"))

print(json.dumps({
    "broken": broken,
    "names": names,
    "notes": len(notes),
    "headings": sum("\n# " in note for note in notes),
    "rows": rows,
    "format": account["format"],
}))
