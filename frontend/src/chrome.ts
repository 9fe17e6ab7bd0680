// Everything around a view: banner, navigation, run, switches, footer, connection.
import { h } from "./dom";
import { bannerColour } from "./save";
import type { Store } from "./state";
import { isDark } from "./theme";
import type { Banner, Run } from "./view";
import { has, headOf, speaker, type Lang } from "./words";

export interface Chrome {
  main: HTMLElement;
  write(lang: Lang): void;
  runs(list: readonly Run[], chosen: string): void;
  banner(banner: Banner): void;
  vintage(lines: string[]): void;
  announce(text: string): void;
  reached(yes: boolean): void;
}

const WITH_RUN = new Set(["map", "people", "study", "evidence"]); // views that show a run, or the scenario of one

const NARROW = "(max-width: 720px)";

/** The head of a title, on a phone before its comma. */
function short(title: string): string {
  const head = headOf(title);
  return window.matchMedia(NARROW).matches ? head.split(/[,、]/)[0]! : head;
}

/** A run as a person would call it: what was studied, how often, when; its folder where that leaves two alike. */
function named(run: Run, language: Lang, all: readonly Run[]): string {
  const made = (of: Run) => `n ${of.replicates} · ${(of.made ?? "").slice(0, 10)}`;
  const alike = all.some((other) => other !== run && other.title === run.title && made(other) === made(run));
  const title = (language === "ja" ? run.title_ja : undefined) || run.title || run.scenario || run.id;
  return [short(title), run.replicates ? `n ${run.replicates}` : "", run.made ? run.made.slice(0, 10) : "", alike ? run.id : ""].filter(Boolean).join(" · ");
}

export function chrome(root: HTMLElement, state: Store, views: readonly string[]): Chrome {
  const banner = h("div", { class: "banner", role: "note" });
  const skip = h("a", { class: "skip", href: "#main" });
  skip.addEventListener("click", (event) => {
    event.preventDefault(); // the address belongs to the view
    main.focus();
  });
  const brand = h("a", { class: "brand" }, "hinomi");
  const nav = h("nav");
  const run = h("select", { class: "field run" });
  const runLabel = h("label", { class: "run-label" });
  const lang = h("button", { type: "button", class: "button" });
  const theme = h("button", { type: "button", class: "button" });
  const lost = h("div", { class: "lost", role: "status", hidden: true });
  const main = h("main", { id: "main", tabindex: -1 });
  const footer = h("footer");
  const live = h("div", { class: "unseen", "aria-live": "polite" });
  root.replaceChildren(
    banner, skip,
    h("header", {}, brand, nav, h("div", { class: "switches" }, runLabel, lang, theme)),
    lost, main, footer, live,
  );
  run.addEventListener("change", () => state.set({ run: run.value, r: "", a: "", b: "", t: "", z: "", sel: "" }));
  lang.addEventListener("click", () => state.set({ lang: state.get("lang") === "ja" ? "en" : "ja" }));
  theme.addEventListener("click", () => state.set({ theme: isDark(state.get("theme")) ? "light" : "dark" }));
  let shown: Banner | null = null;
  let list: readonly Run[] = [];

  const write = (language: Lang) => {
    const say = speaker(language, "shell");
    document.documentElement.lang = language;
    skip.textContent = say("skip");
    brand.href = state.address("map");
    nav.setAttribute("aria-label", say("nav"));
    nav.replaceChildren(
      ...views.filter((v) => has(language, v, `view.${v}`)).map((v) =>
        h("a", { href: state.address(v), "data-view": v, "aria-current": v === state.view ? "page" : undefined }, say(`view.${v}`)),
      ),
    );
    document.title = `${has(language, "shell", `view.${state.view}`) ? `${say(`view.${state.view}`)} - ` : ""}hinomi`;
    runLabel.replaceChildren(h("span", {}, say("run")), run);
    offer(language);
    run.setAttribute("aria-label", say("run")); // a phone hides the word beside it
    lang.textContent = say("lang.other");
    lang.lang = language === "ja" ? "en" : "ja";
    lang.setAttribute("aria-label", say("lang.switch"));
    theme.textContent = say(isDark(state.get("theme")) ? "theme.light" : "theme.dark");
    lost.textContent = say("lost");
    if (shown) put(shown);
  };
  const offer = (language: Lang, chosen = run.value) => {
    runLabel.hidden = list.length === 0 || !WITH_RUN.has(state.view);
    run.replaceChildren(...list.map((r) => h("option", { value: r.id, title: `${r.title} · ${r.id}` }, named(r, language, list))));
    run.value = chosen;
  };
  const put = (given: Banner) => {
    shown = given;
    banner.style.background = bannerColour(given);
    banner.dataset["kind"] = given.kind.toLowerCase();
    banner.replaceChildren(h("span", { lang: "en" }, given.en), " ", h("span", { lang: "ja" }, given.ja));
  };
  return {
    main, write,
    runs(found, chosen) {
      list = found;
      offer(state.get("lang") === "ja" ? "ja" : "en", chosen);
    },
    banner: put,
    vintage(lines) {
      footer.replaceChildren(...lines.map((line) => h("p", {}, line)));
    },
    announce(text) {
      live.textContent = text;
    },
    reached(yes) {
      lost.hidden = yes;
    },
  };
}
