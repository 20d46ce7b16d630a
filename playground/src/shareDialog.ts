// The dialog with the link to the files.

import type { File } from "../../crates/rolecall-wasm/npm/index.js";
import { claimsJson } from "./claims.js";
import { openDialog } from "./dialog.js";
import { button, copy, h } from "./dom.js";
import { fragment } from "./share.js";

/** Shows a link to the files and, if the user wants it, the claims. */
export function showShare(files: File[], token: string): void {
  const claims = claimsJson(token);
  const link = h("input", { type: "text", readonly: true, "aria-label": "Link", class: "link" });
  const copied = button("Copy link", () => void copy(link.value, copied), { class: "main" });
  const fault = h("p", { class: "fault", role: "alert" });
  const box = h("input", { type: "checkbox", id: "with-claims", disabled: claims === undefined });
  const update = async () => {
    const hash = await fragment(box.checked && claims !== undefined ? { files, claims } : { files });
    copied.disabled = hash === undefined;
    link.value = hash === undefined ? "" : `${location.href.split("#")[0]}${hash}`;
    fault.textContent = hash === undefined ? "The files are too large for a link: at most 256 KiB and 20 files." : "";
  };
  box.addEventListener("change", () => void update());
  openDialog(
    "Share",
    h("p", null, "The link contains the files. They are behind the #, which browsers do not send to the server."),
    h("p", null, box, h("label", { for: "with-claims" }, " with the claims, which may name people and projects; never the signature")),
    link,
    fault,
    h("div", { class: "buttons" }, copied),
  );
  void update();
}
