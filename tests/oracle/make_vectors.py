"""Writes vectors.json: when rules come, by dateutil's RRULE and zoneinfo's clocks, for repeat_oracle_test.ts.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install python-dateutil tzdata
    /tmp/oracle/bin/python tests/oracle/make_vectors.py

Shares no code with the product. Each case is [zone, start, rule, after, [first, step, step, ...]]:
the next occurrences strictly after `after`, in seconds since 1970, each but the first as its
distance from the one before. The years are 2000 to 2036, where both sides know the clock changes
from the same announcements.
"""
import json
import random
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

from dateutil.rrule import DAILY, HOURLY, MINUTELY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

reset_tzpath([])  # the package tzdata, not what this machine happens to have
random.seed(20261123)
UTC = timezone.utc
CASES = 3200
SHOWN = 5
# Not places.
NO_PLACES = {"Factory", "localtime", "posixrules"}
# Where the two databases differ within these years: Python's (2026f) has what was announced in 2026
# for Alberta, British Columbia, Manitoba, Cuba and Morocco and a correction for Moldova; Deno 2.9.6
# has not. All offsets of all other zones were compared and are the same.
DIFFER = {
    "Africa/Casablanca", "Africa/El_Aaiun", "America/Edmonton", "America/Havana",
    "America/Inuvik", "America/Rainy_River", "America/Vancouver", "America/Winnipeg",
    "America/Yellowknife", "Canada/Central", "Canada/Mountain", "Canada/Pacific", "Cuba",
    "Europe/Chisinau", "Europe/Tiraspol",
}
# Named so that a seed cannot lose them: gaps of 30 minutes, of a day, at midnight, of two hours.
MUST = [
    "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago", "Antarctica/Troll", "Asia/Beirut",
    "Africa/Cairo", "America/St_Johns", "Asia/Kathmandu", "Europe/Dublin", "Africa/Juba",
    "Europe/Berlin", "America/New_York", "Asia/Tehran", "America/Asuncion", "Pacific/Chatham",
    "Asia/Pyongyang", "America/Caracas", "Pacific/Fakaofo", "Asia/Kolkata", "UTC",
]


def instant(wall, zone):
    """RFC 5545 3.3.5: with fold=0 a doubled time is the first, a missing one keeps the offset before."""
    return int(wall.replace(tzinfo=zone, fold=0).timestamp())


def offset(seconds, zone):
    return datetime.fromtimestamp(seconds, zone).utcoffset()


def transitions(zone):
    found = []
    step = 6 * 3600
    at = int(datetime(2000, 1, 2, tzinfo=UTC).timestamp())
    end = int(datetime(2036, 12, 1, tzinfo=UTC).timestamp())
    before = offset(at, zone)
    while at < end:
        if offset(at + step, zone) != before:
            low, high = at, at + step
            while high - low > 1:
                middle = (low + high) // 2
                if offset(middle, zone) == before:
                    low = middle
                else:
                    high = middle
            found.append(high)
            before = offset(at + step, zone)
        at += step
    return found


def nth_of(day):
    week = (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    return -1 if last and random.random() < 0.5 else week


def rule_for(start, days_long):
    """A random rule of which `start` is one of the times."""
    every = random.choice([1, 1, 1, 2, 3, 5, 13])
    unit = random.choice(["minute", "hour", "day", "day", "week", "week", "month", "month", "year"])
    rule = {"every": every, "unit": unit, "until": None}
    if unit == "minute":
        rule["every"] = random.choice([5, 7, 20, 45, 90])
    if unit == "week" and random.random() < 0.7:
        days = {start.isoweekday(), *random.sample(range(1, 8), random.randint(0, 3))}
        rule["weekdays"] = sorted(days)
    if unit == "year":
        rule["every"] = random.choice([1, 1, 2, 4])
    if unit in ("month", "year"):
        last = (start + timedelta(days=1)).month != start.month
        form = random.choice(["plain", "monthDay", "nth"])
        if form == "nth":
            rule["nth"] = {"week": nth_of(start), "weekday": start.isoweekday()}
        elif last and random.random() < 0.7:
            longer = [day for day in (29, 30, 31) if day >= start.day]
            rule["monthDay"] = random.choice([-1, *longer])
        elif form == "monthDay":
            rule["monthDay"] = start.day
    if random.random() < 0.25:
        rule["until"] = (start.date() + timedelta(days=random.randint(0, days_long))).isoformat()
    return rule


def occurrences(zone, start, rule, after):
    """Instants of the rule strictly after `after`, ascending, each once."""
    until = date.fromisoformat(rule["until"]) if rule and rule["until"] else date(2099, 1, 1)
    first = instant(start, zone)
    if rule is None:
        return [first] if first > after else []
    unit, every = rule["unit"], rule["every"]
    if unit in ("minute", "hour"):
        began = datetime.fromtimestamp(first, UTC)
        frequency = MINUTELY if unit == "minute" else HOURLY
        found = []
        ahead = rrule(frequency, dtstart=began, interval=every)
        for at in ahead.xafter(datetime.fromtimestamp(after, UTC), count=SHOWN):
            if at.astimezone(zone).date() > until:
                break
            found.append(int(at.timestamp()))
        return found
    options = {"dtstart": start, "interval": every, "until": datetime.combine(until, time.max)}
    if unit == "week":
        options["byweekday"] = [day - 1 for day in rule.get("weekdays", [start.isoweekday()])]
        options["wkst"] = 0
    if unit in ("month", "year"):
        if unit == "year":
            options["bymonth"] = start.month
        day = rule.get("monthDay", start.day)
        if "nth" in rule:
            nth = rule["nth"]
            options["byweekday"] = weekday(nth["weekday"] - 1, nth["week"])
        elif day == -1:
            options["bymonthday"] = -1
        elif day > 28:
            options["bymonthday"] = list(range(28, day + 1))
            options["bysetpos"] = -1
        else:
            options["bymonthday"] = day
    frequency = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}[unit]
    # two days earlier on the wall than `after`, as clocks may have been moved by a day
    since = datetime.fromtimestamp(after, zone).replace(tzinfo=None) - timedelta(days=2)
    walls = rrule(frequency, **options).xafter(since, count=SHOWN + 4, inc=True)
    found = sorted({at for at in (instant(wall, zone) for wall in walls) if at > after})
    return found[:SHOWN]


def case(name, zone, target, back):
    """A case whose rule meets `target` or whose start is it, looked at from a little before."""
    start = target
    rule = None if random.random() < 0.05 else rule_for(target, 900)
    if rule and back and rule["unit"] in ("day", "week"):
        length = {"day": 1, "week": 7}[rule["unit"]] * rule["every"]
        start = target - timedelta(days=length * random.randint(1, 1 + 200 // length))
        if rule["until"] and date.fromisoformat(rule["until"]) < start.date():
            rule["until"] = None
    if rule and back and rule["unit"] == "month" and "monthDay" in rule and target.day <= 28:
        if rule["monthDay"] == target.day:
            months = rule["every"] * random.randint(1, 6)
            index = target.year * 12 + target.month - 1 - months
            start = target.replace(year=index // 12, month=index % 12 + 1)
    if rule and back and rule["unit"] in ("minute", "hour"):
        start = target - timedelta(hours=random.randint(1, 60))
    near = instant(target, zone)
    after = near - random.choice([0, 1, 60, 3600, 7200, 86400, 3 * 86400, 400 * 86400])
    if rule is None:
        after = near - 1
    ats = occurrences(zone, start, rule, after)
    steps = [ats[0], *(b - a for a, b in zip(ats, ats[1:]))] if ats else []
    shown = {key: value for key, value in rule.items()} if rule else None
    return [name, start.isoformat(timespec="minutes"), shown, after, steps]


def main():
    names = sorted(
        name for name in available_timezones()
        if name not in NO_PLACES | DIFFER and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
    )
    random.shuffle(names)
    zones = [(name, ZoneInfo(name)) for name in [*MUST, *(n for n in names if n not in MUST)]]
    changes = {name: transitions(zone) for name, zone in zones}
    cases = []
    while len(cases) < CASES:
        for name, zone in zones:
            if len(cases) >= CASES:
                break
            if changes[name] and random.random() < 0.85:
                at = random.choice(changes[name])
                # the wall clock of before, at the change and up to two hours round it
                wall = datetime.fromtimestamp(at, UTC) + offset(at - 1, zone)
                target = wall.replace(tzinfo=None, second=0) + timedelta(
                    minutes=15 * random.randint(-8, 8)
                )
            else:
                day = date(random.randint(2000, 2035), random.randint(1, 12), 1)
                day += timedelta(days=random.choice([0, 14, 27, 28, 29, 30]))
                target = datetime.combine(day, time(random.randint(0, 23), random.choice([0, 30])))
            cases.append(case(name, zone, target, random.random() < 0.7))
    path = Path(__file__).with_name("vectors.json")
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(len(cases), "cases of", len({c[0] for c in cases}), "zones,", path.stat().st_size, "bytes")


main()
