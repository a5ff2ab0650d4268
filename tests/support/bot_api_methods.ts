import type { BotChats } from "./bot_api_chats.ts";
import { badRequest, checkCommands, checkWebhook, type Params } from "./bot_api_check.ts";
import type { BotPeople, BotUser } from "./bot_api_people.ts";
import type { UpdateQueue } from "./bot_api_updates.ts";

export interface BotCommand {
  command: string;
  description: string;
}

/** What a pressed button was answered. */
export interface CallbackAnswer {
  id: string;
  text: string;
  alert: boolean;
}

interface Parts {
  me: BotUser;
  chats: BotChats;
  people: BotPeople;
  queue: UpdateQueue;
}

type Method = (params: Params, hungUp: AbortSignal) => unknown;

/** The methods of the stand-in by their names in lower case, and what they leave behind. */
export function botMethods({ me, chats, people, queue }: Parts) {
  const commands: BotCommand[] = [];
  const callbackAnswers: CallbackAnswer[] = [];
  const methods: Record<string, Method> = {
    getme: () => ({
      ...me,
      can_join_groups: false,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
    sendmessage: (params) => people.messageOf(chats.send(params)),
    editmessagetext: (params) => people.messageOf(chats.edit(params, false)),
    editmessagereplymarkup: (params) => people.messageOf(chats.edit(params, true)),
    deletemessage: (params) => chats.delete(params),
    answercallbackquery(params) {
      const { callback_query_id: id, text = "", show_alert: alert } = params;
      if (String(text).length > 200) throw badRequest("MESSAGE_TOO_LONG");
      people.answerPress(String(id));
      callbackAnswers.push({ id: String(id), text: String(text), alert: alert === true });
      return true;
    },
    setmycommands(params) {
      checkCommands(params.commands);
      commands.splice(0, Infinity, ...params.commands as BotCommand[]);
      return true;
    },
    setwebhook(params) {
      const { secret_token: secret, allowed_updates: kinds } = params;
      queue.webhook = { url: checkWebhook(params), ...(secret ? { secret: String(secret) } : {}) };
      queue.allow(kinds);
      return true;
    },
    deletewebhook() {
      queue.webhook = undefined;
      return true;
    },
    getwebhookinfo: () => ({
      url: queue.webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: queue.pending.length,
      allowed_updates: queue.allowed,
    }),
    getupdates: (params, hungUp) => queue.get(params, hungUp),
  };
  return { methods, commands, callbackAnswers };
}
