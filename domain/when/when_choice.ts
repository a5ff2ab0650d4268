import { areTogether, type Piece, type PieceOf } from "./when_pieces.ts";
import type { Tokens } from "./when_tokens.ts";

/** At most one piece of each kind, such that they go together. */
export type Choice = { [Kind in Piece["kind"]]?: PieceOf<Kind> };

interface Cluster {
  pieces: Piece[];
  atStart: boolean;
  atEnd: boolean;
}

/**
 * Which of the pieces say when; the others stay in the title. What stands together goes together,
 * what is unmistakable goes before what is not, and the beginning before the end.
 */
export function choose(tokens: Tokens, pieces: Piece[]): Choice {
  const clusters = clustersOf(tokens, pieces).map((cluster) => {
    return { ...cluster, pieces: cluster.pieces.filter((piece) => counts(piece, cluster)) };
  }).filter(({ pieces }) => pieces.length > 0);
  clusters.sort((a, b) => weight(b) - weight(a)); // stable
  const choice: Choice = {};
  for (const [i, { pieces }] of clusters.entries()) {
    const rulesFirst = pieces.toSorted((a, b) =>
      Number(b.kind === "rule") - Number(a.kind === "rule")
    );
    for (const piece of rulesFirst) {
      if (fits(piece, choice, i === 0)) Object.assign(choice, { [piece.kind]: piece });
    }
  }
  return choice;
}

function clustersOf(tokens: Tokens, pieces: Piece[]): Cluster[] {
  const first = tokens.findIndex(({ kind }) => kind !== "sign");
  const last = tokens.findLastIndex(({ kind }) => kind !== "sign");
  const clusters: Cluster[] = [];
  for (const piece of pieces) {
    const before = clusters.at(-1)?.pieces;
    if (before && areTogether(tokens, before.at(-1)!, piece.from)) before.push(piece);
    else clusters.push({ pieces: [piece], atStart: false, atEnd: false });
    const cluster = clusters.at(-1)!;
    cluster.atStart ||= piece.from <= first;
    cluster.atEnd ||= piece.to > last;
  }
  return clusters;
}

function counts({ kind, strength }: Piece, { pieces, atStart, atEnd }: Cluster): boolean {
  if (strength === "sure" || atEnd) return true;
  const kinds = new Set(pieces.map(({ kind }) => kind));
  const company = kinds.size > 1 && (kind === "until" || kind === "in" || kinds.has("time") ||
    kinds.has("rule") || pieces.some(({ strength }) => strength === "sure"));
  return company || strength === "edge" && atStart;
}

function weight({ pieces }: Cluster): number {
  const has = (kind: Piece["kind"]) => pieces.some((piece) => piece.kind === kind);
  const sure = pieces.some(({ kind, strength }) => strength === "sure" && kind !== "time");
  return (has("rule") ? 8 : 0) + (has("date") || has("in") ? 4 : 0) + (has("time") ? 2 : 0) +
    (sure ? 3 : 0);
}

/** Whether a piece adds to what was chosen before; `first` is the weightiest cluster. */
function fits(piece: Piece, choice: Choice, first: boolean): boolean {
  if (choice[piece.kind]) return false;
  const { date, rule, in: amount, time } = choice;
  switch (piece.kind) {
    case "in":
      return !date && !rule && !(time && piece.amount.ms > 0);
    case "date":
      if (piece.first) return rule !== undefined;
      return !amount && (!rule || first) && !(time && piece.clock);
    case "rule":
      return !amount && (!date || first);
    case "time":
      return !date?.clock && !(amount && amount.amount.ms > 0);
    case "until":
      return rule !== undefined;
  }
}
