// Messages about what the user did, with the way back.

import { button, byId, h, words } from "./dom.js";

let place: HTMLElement | undefined;

/** Shows a message, which replaces the last one. An action closes it. */
export function notify(message: string, ...actions: { label: string; act: () => void }[]): void {
  place ??= byId("notice");
  const close = () => place?.replaceChildren();
  const buttons = actions.map(({ label, act }) =>
    button(label, () => {
      close();
      act();
    }),
  );
  place.replaceChildren(
    h("p", null, words(message)),
    h("div", { class: "buttons" }, ...buttons, button("Close", close, { "aria-label": "Close the message" })),
  );
}
