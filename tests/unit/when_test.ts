import { assert, assertEquals, assertThrows } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { describe } from "../../domain/when/repeat.ts";
import { parseWhen, presets, type When } from "../../domain/when/when.ts";
import { instantOf, parseWall } from "../../domain/when/wall.ts";

const zone = "Europe/Berlin";
/** A Monday. */
const now = instantOf(parseWall("2026-11-23T10:00:37")!, zone);
const say = (text: string, at = now): When => parseWhen(text, { now: at, zone });
const at = (wall: string): number => instantOf(parseWall(wall)!, zone);

/** Words, when they mean, and what is left of them. */
const once: [words: string, start: string, rest?: string][] = [
  ["in 20 min", "2026-11-23T10:20:37"],
  ["in 20 minutes call Bob", "2026-11-23T10:20:37", "call Bob"],
  ["call Bob in 20 min about the car", "2026-11-23T10:20:37", "call Bob about the car"],
  ["in 20 min, call Bob", "2026-11-23T10:20:37", "call Bob"],
  ["in an hour", "2026-11-23T11:00:37"],
  ["in five minutes", "2026-11-23T10:05:37"],
  ["in 2 h", "2026-11-23T12:00:37"],
  ["in 1h30", "2026-11-23T11:30:37"],
  ["in 1 hour and 30 minutes", "2026-11-23T11:30:37"],
  ["in 1.5 hours", "2026-11-23T11:30:37"],
  ["in half an hour", "2026-11-23T10:30:37"],
  ["in an hour and a half", "2026-11-23T11:30:37"],
  ["2 hours from now", "2026-11-23T12:00:37"],
  ["in 3 days", "2026-11-26T10:00:00"],
  ["in 3 days at 15:00", "2026-11-26T15:00:00"],
  ["in 2 weeks", "2026-12-07T10:00:00"],
  ["in a month", "2026-12-23T10:00:00"],
  ["at 5", "2026-11-23T17:00:00"],
  ["at 5 call mum", "2026-11-23T17:00:00", "call mum"],
  ["at five", "2026-11-23T17:00:00"],
  ["at 9", "2026-11-24T09:00:00"],
  ["at 12", "2026-11-23T12:00:00"],
  ["at 5pm", "2026-11-23T17:00:00"],
  ["5pm", "2026-11-23T17:00:00"],
  ["5:30 pm", "2026-11-23T17:30:00"],
  ["5 p.m.", "2026-11-23T17:00:00"],
  ["12am", "2026-11-24T00:00:00"],
  ["12pm", "2026-11-23T12:00:00"],
  ["17:30", "2026-11-23T17:30:00"],
  ["17h30", "2026-11-23T17:30:00"],
  ["05:30", "2026-11-24T05:30:00"],
  ["09:59", "2026-11-24T09:59:00"],
  ["noon", "2026-11-23T12:00:00"],
  ["midnight", "2026-11-24T00:00:00"],
  ["half past nine tomorrow", "2026-11-24T09:30:00"],
  ["at 7 tomorrow morning", "2026-11-24T07:00:00"],
  ["call mum at 8:30 on friday evening", "2026-11-27T20:30:00", "call mum"],
  ["quarter to 5", "2026-11-23T16:45:00"],
  ["9 o'clock", "2026-11-24T09:00:00"],
  ["tonight", "2026-11-23T20:00:00"],
  ["tonight at 9", "2026-11-23T21:00:00"],
  ["tonight at 12", "2026-11-24T00:00:00"],
  ["tonight at 8:30", "2026-11-23T20:30:00"],
  ["tonight at 12:30", "2026-11-24T00:30:00"],
  ["tomorrow evening at 9:15", "2026-11-24T21:15:00"],
  ["tomorrow morning at 11:15", "2026-11-24T11:15:00"],
  ["8:30 in the evening", "2026-11-23T20:30:00"],
  ["this evening", "2026-11-23T18:00:00"],
  ["this afternoon", "2026-11-23T13:00:00"],
  ["in the evening at 7 run", "2026-11-23T19:00:00", "run"],
  ["9 in the morning", "2026-11-24T09:00:00"],
  ["today", "2026-11-23T13:00:00"],
  ["today at 5", "2026-11-23T17:00:00"],
  ["today at 9", "2026-11-23T21:00:00"],
  ["tomorrow", "2026-11-24T09:00:00"],
  ["Tomorrow at 9AM", "2026-11-24T09:00:00"],
  ["tomorrow morning", "2026-11-24T09:00:00"],
  ["tomorrow in the evening", "2026-11-24T18:00:00"],
  ["tomorrow 9", "2026-11-24T09:00:00"],
  ["tomorrow 9 call the bank", "2026-11-24T09:00:00", "call the bank"],
  ["tomorrow 9: call the bank", "2026-11-24T09:00:00", "call the bank"],
  ["tomorrow at 9", "2026-11-24T09:00:00"],
  ["tomorrow 9:30", "2026-11-24T09:30:00"],
  ["tomorrow midnight", "2026-11-25T00:00:00"],
  ["remind me tomorrow at 9 to pay", "2026-11-24T09:00:00", "remind me to pay"],
  ["day after tomorrow", "2026-11-25T09:00:00"],
  ["monday", "2026-11-30T09:00:00"],
  ["monday 10:30", "2026-11-23T10:30:00"],
  ["on tuesday", "2026-11-24T09:00:00"],
  ["Weds 3pm", "2026-11-25T15:00:00"],
  ["this friday", "2026-11-27T09:00:00"],
  ["friday evening at 8", "2026-11-27T20:00:00"],
  ["next friday 3pm", "2026-12-04T15:00:00"],
  ["next monday", "2026-11-30T09:00:00"],
  ["this weekend", "2026-11-28T09:00:00"],
  ["next week", "2026-11-30T09:00:00"],
  ["wednesday next week", "2026-12-02T09:00:00"],
  ["next week on wednesday at 3pm", "2026-12-02T15:00:00"],
  ["next week tuesday", "2026-12-01T09:00:00"],
  ["call Ann next week", "2026-11-30T09:00:00", "call Ann"],
  ["next month", "2026-12-01T09:00:00"],
  ["the 5th of next month at 10", "2026-12-05T10:00:00"],
  ["next month on the 5th", "2026-12-05T09:00:00"],
  ["next month first aid", "2026-12-01T09:00:00", "first aid"],
  ["next year", "2027-01-01T09:00:00"],
  ["end of month", "2026-11-30T09:00:00"],
  ["last day of the month at 5pm", "2026-11-30T17:00:00"],
  ["23 nov 10:30", "2026-11-23T10:30:00"],
  ["23 nov 9:30", "2027-11-23T09:30:00"],
  ["nov 24", "2026-11-24T09:00:00"],
  ["24th of november at 8", "2026-11-24T08:00:00"],
  ["nov 24th, 2026 8:15", "2026-11-24T08:15:00"],
  ["Tue 24 Nov 10:30", "2026-11-24T10:30:00"],
  ["22 nov", "2027-11-22T09:00:00"],
  ["29 feb", "2028-02-29T09:00:00"],
  ["on the first monday of the month", "2026-12-07T09:00:00"],
  ["last monday of the month 18:00", "2026-11-30T18:00:00"],
  ["15th of the month", "2026-12-15T09:00:00"],
  ["the 15th", "2026-12-15T09:00:00"],
  ["on the 31st at 10:00", "2026-12-31T10:00:00"],
  ["24.11. 10:00", "2026-11-24T10:00:00"],
  ["dentist 24.12.2026 10:30", "2026-12-24T10:30:00", "dentist"],
  ["30.11.26 9:00 dentist", "2026-11-30T09:00:00", "dentist"],
  ["dentist 24/12/26 10:00", "2026-12-24T10:00:00", "dentist"],
  ["install 2.5.24 tomorrow", "2026-11-24T09:00:00", "install 2.5.24"],
  ["24/11", "2026-11-24T09:00:00"],
  ["12/25", "2026-12-25T09:00:00"],
  ["on 3/4", "2027-04-03T09:00:00"],
  ["24/12/2026 5:30 pm", "2026-12-24T17:30:00"],
  ["2026-11-24", "2026-11-24T09:00:00"],
  ["2026-11-24 5:30", "2026-11-24T05:30:00"],
  ["2026-11-24T10:30", "2026-11-24T10:30:00"],
  ["2026-11-24T10:30Z", "2026-11-24T11:30:00"],
  ["2026-11-24T10:30:15.123-05:30", "2026-11-24T17:00:15"],
  ["10:30 tomorrow", "2026-11-24T10:30:00"],
  ["call Bob at 5 tomorrow", "2026-11-24T17:00:00", "call Bob"],
  ["meeting with Ann on friday at 3", "2026-11-27T15:00:00", "meeting with Ann"],
  ["call Bob at 5 about the car", "2026-11-23T17:00:00", "call Bob about the car"],
  [
    "call Ann tomorrow about her trip on friday",
    "2026-11-24T09:00:00",
    "call Ann about her trip on friday",
  ],
  ["back from monday, call Ann tomorrow", "2026-11-24T09:00:00", "back from monday, call Ann"],
  ["dentist tomorrow 14:00 - 15:00", "2026-11-24T14:00:00", "dentist 15:00"],
  ["meeting wednesday 14:30-15:30", "2026-11-25T14:30:00", "meeting"],
  ["meeting 2026-12-01 14:00-15:00", "2026-12-01T14:00:00", "meeting"],
  ["meeting tomorrow 2-3pm", "2026-11-24T14:00:00", "meeting"],
  ["meeting tomorrow 11-1pm", "2026-11-24T11:00:00", "meeting"],
  ["tomorrow 9:00–10:00 with Ann", "2026-11-24T09:00:00", "with Ann"],
  ["water plants tomorrow 2-3 times", "2026-11-24T09:00:00", "water plants 2-3 times"],
  ["tomorrow at 9, 10 apples", "2026-11-24T09:00:00", "10 apples"],
  ["at 5, 17:45 train", "2026-11-23T17:00:00", "17:45 train"],
  ["Friday lunch with Bob tomorrow", "2026-11-24T09:00:00", "Friday lunch with Bob"],
  ["read the 9/11 report tomorrow", "2026-11-24T09:00:00", "read the 9/11 report"],
  ["look at 3 flats tomorrow", "2026-11-24T09:00:00", "look at 3 flats"],
  ["call mum sun", "2026-11-29T09:00:00", "call mum"],
  ["weekly report tomorrow 9", "2026-11-24T09:00:00", "weekly report"],
  ["open from 9am to 5pm tomorrow", "2026-11-24T09:00:00", "open from 9am to 5pm"],
  ["Call Bob tomorrow.", "2026-11-24T09:00:00", "Call Bob."],
  ["Is Ann in tomorrow?", "2026-11-24T09:00:00", "Is Ann in?"],
  ["call Bob (tomorrow 9am)", "2026-11-24T09:00:00", "call Bob"],
  ['"tomorrow at 9" call', "2026-11-24T09:00:00", "call"],
  ["tue.", "2026-11-24T09:00:00"],
  ["monday sun cream", "2026-11-30T09:00:00", "sun cream"],
  ["🎂 party tomorrow 🎂", "2026-11-24T09:00:00", "🎂 party 🎂"],
];

Deno.test("parseWhen() knows these words for a time, and leaves the others", () => {
  for (const [words, start, rest = ""] of once) {
    const { schedule, rest: left, problem } = say(words);
    assertEquals(
      [schedule?.start, schedule?.rule, left, problem],
      [start, null, rest, null],
      words,
    );
  }
});

/** Words, their rule in a sentence, and the first time. */
const again: [words: string, sentence: string, start: string][] = [
  ["every day", "Every day at 09:00", "2026-11-24T09:00"],
  ["every day at 18:00", "Every day at 18:00", "2026-11-23T18:00"],
  ["daily at 9", "Every day at 09:00", "2026-11-24T09:00"],
  ["every other day", "Every 2 days at 09:00", "2026-11-24T09:00"],
  ["every 3rd day", "Every 3 days at 09:00", "2026-11-24T09:00"],
  ["every morning", "Every day at 09:00", "2026-11-24T09:00"],
  ["every evening at 7", "Every day at 19:00", "2026-11-23T19:00"],
  ["every tuesday night at 9:30", "Every Tuesday at 21:30", "2026-11-24T21:30"],
  ["every day at midnight", "Every day at 00:00", "2026-11-24T00:00"],
  ["every month at midnight", "Every month on the 23rd at 00:00", "2026-12-23T00:00"],
  ["every weekday at 9", "Every weekday at 09:00", "2026-11-24T09:00"],
  ["every weekday morning at 7", "Every weekday at 07:00", "2026-11-24T07:00"],
  ["mon-fri at 8", "Every weekday at 08:00", "2026-11-24T08:00"],
  ["on weekends", "Every Saturday and Sunday at 09:00", "2026-11-28T09:00"],
  ["every monday", "Every Monday at 09:00", "2026-11-30T09:00"],
  ["every monday at 18:00", "Every Monday at 18:00", "2026-11-23T18:00"],
  ["mondays", "Every Monday at 09:00", "2026-11-30T09:00"],
  ["every fri 3pm", "Every Friday at 15:00", "2026-11-27T15:00"],
  ["every mon wed fri at 8", "Every Mon, Wed and Fri at 08:00", "2026-11-25T08:00"],
  ["mon wed fri 7am", "Every Mon, Wed and Fri at 07:00", "2026-11-25T07:00"],
  ["every monday wednesday at 18:00", "Every Mon and Wed at 18:00", "2026-11-23T18:00"],
  ["nightly at 11", "Every day at 23:00", "2026-11-23T23:00"],
  ["biweekly on friday", "Every 2 weeks on Fri at 09:00", "2026-11-27T09:00"],
  ["every mon,wed", "Every Mon and Wed at 09:00", "2026-11-25T09:00"],
  ["every mon, wed & fri 18:00", "Every Mon, Wed and Fri at 18:00", "2026-11-23T18:00"],
  ["mon and wed at 9", "Every Mon and Wed at 09:00", "2026-11-25T09:00"],
  ["every 2 weeks on mon and wed", "Every 2 weeks on Mon and Wed at 09:00", "2026-11-25T09:00"],
  ["every 2 weeks", "Every 2 weeks on Mon at 09:00", "2026-12-07T09:00"],
  ["every other friday", "Every 2 weeks on Fri at 09:00", "2026-11-27T09:00"],
  ["every second monday", "Every 2 weeks on Mon at 09:00", "2026-11-30T09:00"],
  ["every 15th", "Every month on the 15th at 09:00", "2026-12-15T09:00"],
  ["every 31st", "Every month on the 31st at 09:00", "2026-11-30T09:00"],
  ["every last day", "On the last day of each month at 09:00", "2026-11-30T09:00"],
  ["every first monday", "On the first Monday of each month at 09:00", "2026-12-07T09:00"],
  ["first monday of every month", "On the first Monday of each month at 09:00", "2026-12-07T09:00"],
  ["every last friday", "On the last Friday of each month at 09:00", "2026-11-27T09:00"],
  ["every 5th friday", "On the fifth Friday of each month at 09:00", "2027-01-29T09:00"],
  ["every month", "Every month on the 23rd at 09:00", "2026-12-23T09:00"],
  ["every month on the 15th", "Every month on the 15th at 09:00", "2026-12-15T09:00"],
  [
    "every 3 months on the last friday",
    "Every 3 months on the last Friday at 09:00",
    "2026-11-27T09:00",
  ],
  ["every year", "Every year on 23 Nov at 09:00", "2027-11-23T09:00"],
  ["every 24 dec", "Every year on 24 Dec at 09:00", "2026-12-24T09:00"],
  ["every 29 feb", "Every year on 29 Feb at 09:00", "2027-02-28T09:00"],
  ["every year on 1 may", "Every year on 1 May at 09:00", "2027-05-01T09:00"],
  ["every hour", "Every hour from Mon 23 Nov 2026 at 11:00", "2026-11-23T11:00"],
  ["every 20 min", "Every 20 minutes from Mon 23 Nov 2026 at 10:20", "2026-11-23T10:20"],
  ["every minute", "Every minute from Mon 23 Nov 2026 at 10:02", "2026-11-23T10:02"],
  ["every 2 hours at 14:00", "Every 2 hours from Mon 23 Nov 2026 at 14:00", "2026-11-23T14:00"],
  ["every monday until 24 dec", "Every Monday at 09:00 until 24 Dec 2026", "2026-11-30T09:00"],
  ["every day until friday", "Every day at 09:00 until 27 Nov 2026", "2026-11-24T09:00"],
  ["every day until 2026-12-24 at 8am", "Every day at 08:00 until 24 Dec 2026", "2026-11-24T08:00"],
  ["every monday for 3 weeks", "Every Monday at 09:00 until 20 Dec 2026", "2026-11-30T09:00"],
  ["every monday for 5 times", "Every Monday at 09:00 until 28 Dec 2026", "2026-11-30T09:00"],
  ["starting tomorrow every day at 8", "Every day at 08:00", "2026-11-24T08:00"],
  ["every month from the 1st at 8", "Every month on the 1st at 08:00", "2026-12-01T08:00"],
  ["every monday from 1 dec at 8", "Every Monday at 08:00", "2026-12-07T08:00"],
];

Deno.test("parseWhen() knows these words for a rule", () => {
  for (const [words, sentence, start] of again) {
    for (const text of [words, `${words} call Bob`, `Call Bob ${words}`]) {
      if (text !== words && /^(mon|mondays|daily|nightly)\b/.test(words)) continue; // they need the edge
      const { schedule, rest, problem } = say(text);
      assertEquals(problem, null, text);
      const found = [schedule && describe(schedule), schedule?.start, rest.toLowerCase()];
      assertEquals(found, [sentence, `${start}:00`, text === words ? "" : "call bob"], text);
    }
  }
});

Deno.test("parseWhen() takes nothing for a time that need not be one", () => {
  const plain = [
    "buy milk",
    "call May about the march 3 plan",
    "The 9/11 Report",
    "1/2 cup of sugar",
    "pay 23.11",
    "buy 2 apples",
    "wait 5 min",
    "buy tomorrow's bread",
    "sun cream",
    "sat down with Bob",
    "prepare slides for monday",
    "work until 5pm",
    "until friday",
    "from 9 to 5",
    "good morning Bob",
    "meeting 3pm-4pm",
    "e-mail v2026-11-23",
    "https://example.org/2026-11-23/17:30",
    "the daily bread",
    "",
  ];
  for (const text of plain) {
    assertEquals(say(text), {
      spans: [],
      rest: text,
      schedule: null,
      assumed: [],
      alternatives: [],
      problem: null,
    }, text);
  }
});

Deno.test("parseWhen() says what is wrong with a time and what to say instead", () => {
  const wrong: [words: string, problem: string][] = [
    ["25:00", "Cannot use 25:00: a day has 24 hours; say a time as in 17:30"],
    ["tomorrow 9:75", "Cannot use 9:75: an hour has 60 minutes; say a time as in 17:30"],
    ["13pm", "Cannot use 13pm: am and pm go with 1 to 12; say a time as in 17:30"],
    ["30 feb", "Cannot use 30 February: there is no such day; say 29 Feb"],
    ["29 feb 2027", "Cannot use 29 February 2027: there is no such day; say 28 Feb 2027"],
    ["2026-13-01", "Cannot use this date: there is no such day; say one as in 23 Nov"],
    ["every 30 feb", "Cannot use 30 February: there is no such day; say 29 Feb"],
    ["every day until 31 apr", "Cannot use 31 April: there is no such day; say 30 Apr"],
    ["Mon 24 Nov", "Cannot use both: the day is a Tuesday; say Tue 24 Nov 2026"],
    [
      "every 32nd",
      "Cannot repeat on day 32: a month has at most 31; say every 15th or every last day",
    ],
    ["yesterday", "Cannot remind on Sun 22 Nov 2026 at 09:00: it is past; say tomorrow 09:00"],
    ["2020-01-01", "Cannot remind on Wed 1 Jan 2020 at 09:00: it is past; say tomorrow 09:00"],
    ["today 10:00", "Cannot remind on Mon 23 Nov 2026 at 10:00: it is past; say tomorrow 10:00"],
    ["2026-11-22 18:00", "Cannot remind on Sun 22 Nov 2026 at 18:00: it is past; say today 18:00"],
    ["in 30 seconds", "Cannot remind so soon: say in 1 min or more"],
    ["2040-01-01", "Cannot remind on Sun 1 Jan 2040 at 09:00: it is more than 10 years ahead"],
    ["in 99999 days", "Cannot remind then: it is more than 10 years ahead"],
    ["every second", "Cannot repeat by the second: say every 5 min or more"],
    ["every 30 seconds", "Cannot repeat by the second: say every 5 min or more"],
    [
      "every 24 dec at 9 & 5pm",
      "Cannot repeat at two times of a day: make two reminders, every year on 24 Dec at 09:00 and every year on 24 Dec at 17:00",
    ],
    [
      "tomorrow at 9 and 10:30",
      "Cannot remind at two times: make two reminders, at 09:00 and at 10:30",
    ],
    ["every 0 days", "Cannot repeat so: say a whole number of days from 1 to 999"],
    [
      "every day at 9 and 17",
      "Cannot repeat at two times of a day: make two reminders, every day at 09:00 and every day at 17:00",
    ],
    [
      "every day until yesterday",
      "Cannot end before it begins: the first is on Tue 24 Nov 2026 at 09:00",
    ],
    [
      "every hour for 3 times",
      "Cannot count times within a day: say until when, as in until 24 Dec",
    ],
  ];
  for (const [words, problem] of wrong) {
    const found = say(words);
    assertEquals([found.problem, found.schedule], [problem, null], words);
    assert(found.spans.length > 0, words);
  }
});

Deno.test("what a problem says instead is understood", () => {
  for (
    const words of ["yesterday", "2020-01-01", "today 10:00", "2026-11-22 18:00", "Mon 24 Nov"]
  ) {
    const instead = say(words).problem!.split("; say ")[1]!;
    assertEquals(say(instead).problem, null, instead);
    assert(say(instead).schedule !== null, instead);
  }
});

Deno.test("each span says what it was understood as", () => {
  const spans = (text: string) =>
    say(text).spans.map(({ kind, text, label }) => `${kind} ${text} = ${label}`);
  assertEquals(spans("Call Bob tomorrow at 9, please"), [
    "date tomorrow = Tue 24 Nov",
    "time at 9 = 09:00",
  ]);
  assertEquals(spans("every weekday at 9 until 24 dec"), [
    "rule every weekday = every weekday",
    "time at 9 = 09:00",
    "until until 24 dec = until Thu 24 Dec 2026",
  ]);
  assertEquals(spans("in 20 min"), ["in in 20 min = 10:20"]);
  assertEquals(spans("in 2 weeks"), ["in in 2 weeks = Mon 7 Dec 10:00"]);
  assertEquals(spans("1 jan"), ["date 1 jan = Fri 1 Jan 2027"]);
  assertEquals(spans("2026-11-24T10:30Z"), ["date 2026-11-24T10:30Z = Tue 24 Nov 11:30"]);
  const { start, end } = say("Ärger 🎂 tomorrow!").spans[0]!;
  assertEquals("Ärger 🎂 tomorrow!".slice(start, end), "tomorrow");
});

Deno.test("what was filled in is told", () => {
  assertEquals(say("tomorrow").assumed, ["09:00"]);
  assertEquals(say("tonight").assumed, ["20:00"]);
  assertEquals(say("every monday").assumed, ["09:00"]);
  assertEquals(say("at 5").assumed, ["Mon 23 Nov"]);
  assertEquals(say("tomorrow at 9").assumed, []);
});

Deno.test("what else may be meant is offered", () => {
  const others = (text: string) => say(text).alternatives.map(({ label }) => label);
  assertEquals(others("next friday"), ["Fri 27 Nov 2026 09:00"]);
  assertEquals(others("at 9"), ["Mon 23 Nov 2026 21:00"]);
  assertEquals(others("on 3/4"), ["Thu 4 Mar 2027 09:00"]);
  assertEquals(others("in 3 days"), ["Thu 26 Nov 2026 09:00"]);
  for (
    const sure of [
      "at 5",
      "tomorrow 9",
      "every day at 9",
      "at 17:30",
      "5pm",
      "this friday",
      "24/11",
    ]
  ) {
    assertEquals(others(sure), [], sure);
  }
});

Deno.test("on the day itself the first that is still ahead is meant", () => {
  const evening = at("2026-11-23T18:00:00");
  const start = (text: string) => say(text, evening).schedule?.start;
  assertEquals(start("at 5"), "2026-11-24T17:00:00");
  assertEquals(start("17:30"), "2026-11-24T17:30:00");
  assertEquals(start("monday 18:30"), "2026-11-23T18:30:00");
  assertEquals(start("monday 17:30"), "2026-11-30T17:30:00");
  assertEquals(start("today"), "2026-11-23T20:00:00");
  assertEquals(start("every day at 17:30"), "2026-11-24T17:30:00");
});

Deno.test("a time that clocks leave out or show twice is read as RFC 5545 says", () => {
  const spring = at("2027-03-27T12:00:00");
  const gap = say("tomorrow 02:30", spring).schedule!;
  assertEquals([gap.start, gap.startAt], ["2027-03-28T02:30:00", at("2027-03-28T03:30:00")]);
  const autumn = at("2027-10-30T12:00:00");
  assertEquals(
    say("tomorrow 02:30", autumn).schedule!.startAt,
    Date.parse("2027-10-31T02:30:00+02:00"),
  );
  assertEquals(
    say("2027-10-31T02:30+01:00", autumn).schedule!.startAt,
    Date.parse("2027-10-31T02:30:00+01:00"),
  );
});

Deno.test("a text too long to look into keeps all its words and says so", () => {
  for (const long of ["tomorrow ".repeat(112), "x".repeat(1_001), "every mon,".repeat(1_000)]) {
    const { problem, rest, schedule } = say(long);
    assertEquals([schedule, rest], [null, long.trim()]);
    assert(problem?.startsWith("Cannot look for a time"));
  }
  assertEquals(say("call Bob tomorrow " + "x".repeat(982)).schedule?.start, "2026-11-24T09:00:00");
});

Deno.test("parseWhen() refuses a zone that there is not", () => {
  const error = assertThrows(() => parseWhen("tomorrow", { now, zone: "Mars/Olympus" }), AppError);
  assertEquals((error as AppError).field, "zone");
});

Deno.test("presets are the next times that people choose, and say the same in words", () => {
  const offered = presets(now, zone);
  assertEquals(offered.map(({ label }) => label), [
    "In 20 minutes",
    "In 1 hour",
    "This evening",
    "Tomorrow morning",
    "Next Monday",
  ]);
  for (const { words, at } of offered) assertEquals(say(words).schedule?.startAt, at, words);
  assertEquals(offered.map(({ at }) => at).slice(2), [
    at("2026-11-23T18:00:00"),
    at("2026-11-24T09:00:00"),
    at("2026-11-30T09:00:00"),
  ]);
  const later = presets(at("2026-11-22T17:00:00"), zone).map(({ label }) => label);
  assertEquals(later, ["In 20 minutes", "In 1 hour", "Tomorrow morning"], "tomorrow is the Monday");
});
