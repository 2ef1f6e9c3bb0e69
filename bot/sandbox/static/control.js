// Requests to the control interface.

const SENTENCES = {
  not_settled: "The app is still working on what is due. Wait a moment, then try again.",
  dispatch_failed: "The app did not answer. Is it running?",
  http_service_error: "The app answered with an error. Its log may say more.",
  operation_timeout: "The app did not answer in time.",
};

/** Post to the control interface; show the error if the answer is not ok. */
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
  if (!answer.ok && !quiet) notify(sentence(answer.error));
  return answer;
}

export const hasFieldErrors = (answer) => Object.keys(answer.errors ?? {}).length > 0;

/** Return a sentence for an error. */
export function sentence(error) {
  const word = String(error ?? "");
  const known = SENTENCES[Object.keys(SENTENCES).find((one) => word.startsWith(one))];
  // The control interface names the field first ("text: ..."); a person needs only what follows.
  const words = word.replace(/^\w+: /, "");
  return known ?? (words ? words[0].toUpperCase() + words.slice(1) : "That did not work.");
}

/** Show a sentence long enough to read it. */
export function notify(words) {
  const toast = document.createElement("p");
  toast.textContent = words;
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const own = dialog?.querySelector(".view-error");
  if (own) {
    // An open modal covers the rest of the page, so it shows the sentence itself.
    own.textContent = words;
    return;
  }
  document.querySelector(".toasts").append(toast);
  setTimeout(() => toast.remove(), 8000);
}
