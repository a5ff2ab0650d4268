import type { Clock } from "./app.ts";

/** What goes before what: letters about accounts, reminders, notes and invitations, broadcasts. */
export type Lane = 0 | 1 | 2 | 3;
/** How the lanes behind the first share what leaves while all of them wait; the first never waits for them. */
const SHARES = [Infinity, 4, 2, 1] as const;
/** Nobody is told to come back later than this, ms: by then less may be in front. */
const LONGEST_WAIT_MS = 10_000;
/** Who does not come back so long after the time told has given up, ms. */
const LATE_MS = 500;

export interface Asker {
  lane: Lane;
  /** Whose it is: within a lane each of these gets the same. */
  who: string;
  /** What asks, and comes back when it is told to wait. */
  id: string;
}

/** How many may leave now, and when to ask for the others, ms. */
export interface Turn {
  taken: number;
  waitMs: number;
}

/** Those of one lane and person that wait, and how much they have had. */
interface Line {
  had: number;
  /** Which of the lines began first. */
  since: number;
  /** By when each is back, by id, in the order in which they came. */
  waiting: Map<string, number>;
}

interface Row {
  /** What its people have had, less where its share is larger. */
  had: number;
  lines: Map<string, Line>;
}

/**
 * A token bucket: so many a second, at most one second's worth at once, of this process alone. While
 * more is wanted than may leave, it goes round: between lanes by their shares, within a lane between
 * people, so that neither a broadcast nor one member's large mailing keeps the others waiting.
 */
export class Pace {
  #left: number;
  #at: number;
  #lines = 0;
  readonly #rows: readonly Row[] = SHARES.map(() => ({ had: 0, lines: new Map() }));

  constructor(private readonly perSecond: number, private readonly clock: Clock) {
    this.#left = perSecond;
    this.#at = clock.now();
  }

  /** Takes up to `wanted`, less what those before the asker wait for. */
  take(wanted: number, { lane, who, id }: Asker): Turn {
    const now = this.#refill();
    this.#forgetLate(now);
    const row = this.#rows[lane]!;
    const line = this.#join(lane, who);
    const ahead = this.#aheadOf(lane, line, id);
    const taken = Math.max(0, Math.min(wanted, Math.floor(this.#left - ahead)));
    this.#left -= taken;
    line.had += taken;
    row.had += taken / SHARES[lane];
    if (taken > 0) line.waiting.delete(id); // to the end
    if (taken === wanted) {
      if (line.waiting.size === 0) row.lines.delete(who);
      return { taken, waitMs: 0 };
    }
    const ms = Math.ceil((ahead + 1 - this.#left) / this.perSecond * 1_000);
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(1, ms));
    line.waiting.set(id, now + waitMs + LATE_MS);
    return { taken, waitMs };
  }

  /** Gives back what was taken and has not been used. */
  giveBack(count: number): void {
    this.#left = Math.min(this.perSecond, this.#left + count);
  }

  #refill(): number {
    const now = this.clock.now();
    const grown = Math.max(0, now - this.#at) * this.perSecond / 1_000; // a clock set back gives nothing
    this.#left = Math.min(this.perSecond, this.#left + grown);
    this.#at = now;
    return now;
  }

  #forgetLate(now: number): void {
    for (const { lines } of this.#rows) {
      for (const [who, { waiting }] of lines) {
        for (const [id, until] of waiting) {
          const stays = until > now && until <= now + LONGEST_WAIT_MS + LATE_MS;
          if (stays) break; // whoever is behind it is looked at when it is gone
          waiting.delete(id);
        }
        if (waiting.size === 0) lines.delete(who);
      }
    }
  }

  /** Who comes new has had as much as the least of those that wait: time away earns nothing. */
  #join(lane: Lane, who: string): Line {
    const row = this.#rows[lane]!;
    if (row.lines.size === 0) {
      const busy = this.#rows.filter(({ lines }) => lines.size > 0).map(({ had }) => had);
      const least = busy.length === 0 ? 0 : Math.min(...busy);
      row.had = Math.min(Math.max(row.had, least), least + this.perSecond / SHARES[lane]);
    }
    const there = row.lines.get(who);
    if (there) return there;
    const least = Math.min(...row.lines.values().map(({ had }) => had));
    const line = { had: least === Infinity ? 0 : least, since: ++this.#lines, waiting: new Map() };
    row.lines.set(who, line);
    return line;
  }

  /** How many are to leave before this one. */
  #aheadOf(lane: Lane, own: Line, id: string): number {
    const mine = this.#rows[lane]!;
    let ahead = 0;
    for (const line of mine.lines.values()) {
      const { waiting, had, since } = line;
      if (line !== own) ahead += owed(waiting.size, own.had - had, since < own.since);
      else ahead += placeOf(waiting, id);
    }
    if (lane === 0) return ahead;
    for (const [number, { had, lines }] of this.#rows.entries()) {
      if (number === lane || lines.size === 0) continue;
      const waiting = lines.values().reduce((sum, line) => sum + line.waiting.size, 0);
      ahead += number === 0
        ? waiting
        : owed(waiting, (mine.had - had) * SHARES[number as Lane], number < lane);
    }
    return ahead;
  }
}

/** How many of its own line stand before it. */
function placeOf(waiting: ReadonlyMap<string, number>, id: string): number {
  let place = 0;
  for (const other of waiting.keys()) {
    if (other === id) return place;
    place++;
  }
  return place;
}

/** What `waiting` ones get before one that has had so much more than they; `first` decides a draw. */
function owed(waiting: number, more: number, first: boolean): number {
  if (more < 0 || more === 0 && !first) return 0;
  return Math.min(waiting, Math.floor(more) + 1);
}
