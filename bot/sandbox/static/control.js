// Telling the sandbox what somebody does.

const SENTENCES = {
  not_settled: "The app is still busy with what fell due. Wait a moment, then look again.",
  dispatch_failed: "The app did not answer. Is it running?",
  http_service_error: "The app answered with an error. What it says about it stands in its log.",
  operation_timeout: "The app did not answer within three seconds.",
};

/** Post to the control interface; an answer that is not ok is said to the person. */
export async function ask(call, body, { quiet = false } = {}) {
  let answer;
  try {
    const response = await fetch(`/sandbox/${call}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    answer = { ok: false, error: "The sandbox does not answer. Is it still running?" };
  }
  if (!answer.ok && !quiet) complain(sentence(answer.error));
  return answer;
}

export const hasFieldErrors = (answer) => Object.keys(answer.errors ?? {}).length > 0;

/** Say in words what went wrong. */
export function sentence(error) {
  const word = String(error ?? "");
  const known = SENTENCES[Object.keys(SENTENCES).find((one) => word.startsWith(one))];
  // The control interface names the field first ("text: ..."); a person needs only what follows.
  const words = word.replace(/^\w+: /, "");
  return known ?? (words ? words[0].toUpperCase() + words.slice(1) : "That did not work.");
}

/** Say something that went wrong, for as long as it takes to read it. */
export function complain(words) {
  const toast = document.createElement("p");
  toast.textContent = words;
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const own = dialog?.querySelector(".view-error");
  if (own) {
    // An open modal hides the rest of the page, so it has to say it itself.
    own.textContent = words;
    return;
  }
  document.querySelector(".toasts").append(toast);
  setTimeout(() => toast.remove(), 8000);
}
