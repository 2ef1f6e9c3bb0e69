// The same app in Bolt for JavaScript. Only the addresses are the sandbox's.
const { App } = require("@slack/bolt");

const env = process.env;
const mode = process.argv[2];

const plain = (text) => ({ type: "plain_text", text });
const input = (block_id, label, element) => ({ type: "input", block_id, label: plain(label), element });
const button = { type: "button", action_id: "press", text: plain("Press"), value: "7" };
const form = {
  type: "modal",
  callback_id: "form",
  title: plain("Echo"),
  submit: plain("Send"),
  blocks: [
    input("note", "Note", { type: "plain_text_input", action_id: "text" }),
    input("tree", "Tree", { type: "external_select", action_id: "trees", min_query_length: 1 }),
  ],
};

const installed = new Map();
const byOAuth = {
  clientId: env.SLACK_CLIENT_ID,
  clientSecret: env.SLACK_CLIENT_SECRET,
  stateSecret: "a secret of this app's own",
  scopes: ["app_mentions:read", "chat:write", "commands", "im:write"],
  installationStore: {
    storeInstallation: async (one) => installed.set(one.team.id, one),
    fetchInstallation: async (query) => installed.get(query.teamId),
    deleteInstallation: async (query) => installed.delete(query.teamId),
  },
  installerOptions: { authorizationUrl: env.SLACK_AUTHORIZE_URL },
};

const app = new App({
  signingSecret: env.SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: env.SLACK_API_URL },
  ...(mode === "oauth" ? byOAuth : { token: env.SLACK_BOT_TOKEN }),
  ...(mode === "socket" ? { socketMode: true, appToken: env.SLACK_APP_TOKEN } : {}),
});

app.command("/echo", async ({ ack, command, client }) => {
  await ack(`you said ${command.text}`);
  const row = { type: "actions", block_id: "row", elements: [button] };
  await client.chat.postMessage({ channel: command.channel_id, text: "A button", blocks: [row] });
});

app.action("press", async ({ ack, action, respond }) => {
  await ack();
  await respond({ text: `pressed ${action.value}`, replace_original: false });
});

app.shortcut("note", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({ trigger_id: body.trigger_id, view: form });
});

app.options("trees", async ({ ack, payload }) => {
  const found = ["Elm", "Oak", "Olive"].filter((name) => name.toLowerCase().startsWith(payload.value));
  await ack({ options: found.map((name) => ({ text: plain(name), value: name })) });
});

app.view("form", async ({ ack, view, body, client }) => {
  const { note, tree } = view.state.values;
  if (note.text.value.length < 3) {
    await ack({ response_action: "errors", errors: { note: "a little longer" } });
    return;
  }
  await ack();
  const text = `${note.text.value}, ${tree.trees.selected_option.value}`;
  await client.chat.postMessage({ channel: body.user.id, text });
});

app.event("app_mention", async ({ event, say }) => say(`<@${event.user}> called`));

app.event("app_uninstalled", async ({ context }) => {
  installed.delete(context.teamId);
});

app.start(Number(env.PORT || 0));
