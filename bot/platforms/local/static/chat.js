// Makes the page nicer than plain forms: it sends without leaving, listens for what is new, and
// completes commands. Without it everything still works.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const log = one("#log");
const text = one("#text");
const sayAloud = (words) => { one("#aloud").textContent = words; };

// ---- Showing a page that came back ----

// A last message that is taller than the window is read from its beginning.
function endOf() {
  const end = log.scrollHeight - log.clientHeight;
  const last = one("#posts > .post:last-child");
  if (!last || last.offsetHeight <= log.clientHeight) return end;
  return log.scrollTop + last.getBoundingClientRect().top - log.getBoundingClientRect().top;
}
const isAtEnd = () => endOf() - log.scrollTop < 80;
const toEnd = () => { log.scrollTop = endOf(); };

function mergePosts(fresh) {
  const old = one("#posts");
  if (!old || old.tagName !== fresh.tagName || old.tagName !== "OL") { old.replaceWith(fresh); return; }
  const known = new Map(all(":scope > [id]", old).map((item) => [item.id, item]));
  const row = [...fresh.children].map((item) => {
    const same = known.get(item.id);
    if (same && same.dataset.stamp === item.dataset.stamp) return same;
    if (!same && item.matches(".post")) item.classList.add("arrived");
    return item;
  });
  const wanted = new Set(row);
  for (const item of [...old.children]) if (!wanted.has(item)) item.remove();
  row.forEach((item, place) => {
    if (old.children[place] !== item) old.insertBefore(item, old.children[place] ?? null);
  });
}

const beginning = (list) => one("[aria-current]", list)?.offsetLeft ?? 0;

function show(page, { mine }) {
  const follow = mine || isAtEnd();
  const focused = document.activeElement?.id;
  // How far the row was scrolled from where the one meant begins: numbers beside it may grow.
  const scrolled = all(".side ul").map((list) => list.scrollLeft - beginning(list));
  for (const region of all("[data-swap]")) {
    const fresh = one(`#${region.id}`, page);
    // A live look must not take a half-typed date away, nor what was said about it.
    const inUse = region.contains(document.activeElement) || one("details[open]", region);
    if (fresh && (mine || !inUse)) region.replaceWith(fresh);
  }
  all(".side ul").forEach((list, place) => {
    list.scrollLeft = beginning(list) + (scrolled[place] ?? 0);
  });
  one("#composer").hidden = one("#composer", page).hidden;
  for (const name of ["role", "aria-label"]) log.setAttribute(name, one("#log", page).getAttribute(name));
  mergePosts(one("#posts", page));
  document.title = page.title;
  if (mine) {
    one("#nonce").value = one("#nonce", page).value;
    one("#dialog")?.remove();
    const dialog = one("#dialog", page);
    if (dialog) { document.body.append(dialog); openDialog(dialog); }
  }
  if (follow && one("ol#posts")) toEnd();
  if (focused && document.activeElement?.id !== focused && !one("#dialog")) {
    one(`#${CSS.escape(focused)}`)?.focus({ preventScroll: true });
  }
}

async function fetched(url, options) {
  const answer = await fetch(url, { ...options, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!one("#posts", page)) throw Object.assign(new Error("unexpected answer"), { status: answer.status });
  return { answer, page };
}

// ---- Forms in a dialog ----

const ASKED = "input:not([type=hidden]), summary";

function openDialog(dialog) {
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("close", () => { dialog.remove(); text.focus({ preventScroll: true }); });
  const wrong = one("[aria-invalid]", dialog);
  (wrong?.matches("fieldset") ? one(ASKED, wrong) : wrong ?? one(`.field :is(${ASKED}, textarea, select)`, dialog))?.focus();
}

document.addEventListener("keydown", (event) => {
  const open = one(".clock details[open]");
  if (event.key !== "Escape" || !open) return;
  open.removeAttribute("open");
  one("summary", open).focus();
});

document.addEventListener("click", (event) => {
  const closes = event.target.closest("[data-close]");
  if (closes) { event.preventDefault(); one("#dialog").close(); }
  const open = one(".clock details[open]");
  if (open && !open.contains(event.target)) open.removeAttribute("open");
});

// ---- Sending ----

// One after another, in the order of pressing: each answer brings a newer page.
let turn = Promise.resolve();
const onTheWay = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-post]");
  if (!form) return;
  event.preventDefault();
  const words = "says" in form.dataset ? text.value : null;
  if (words !== null && !words.trim()) return;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (onTheWay.has(String(body))) return; // a double click
  onTheWay.add(String(body));
  form.dataset.busy = "";
  if (words !== null) { text.value = ""; offer(); }
  turn = turn.then(() => send(form, body, words));
});

async function send(form, body, words) {
  one("#unsent").hidden = true;
  if ("moves" in form.dataset) sayAloud("The clock is moving.");
  try {
    const { answer, page } = await fetched(form.getAttribute("action"), { method: "POST", body });
    const wentTo = new URL(answer.url);
    if (answer.redirected && wentTo.pathname !== location.pathname) {
      // To leave now would drop what waits its turn: the last of them leaves.
      if (onTheWay.size === 1) location.assign(wentTo);
      return;
    }
    history.replaceState(null, "", location.pathname + (answer.redirected ? wentTo.search : ""));
    answers += 1;
    show(page, { mine: true });
    // New messages are announced by the log itself.
    sayAloud("moves" in form.dataset ? one("#happened .sum")?.textContent ?? "" : "");
  } catch {
    if (words !== null) { text.value = [words, text.value].filter(Boolean).join("\n"); offer(); }
    one("#unsent").hidden = false;
    if (one("#dialog")) sayAloud("This could not be sent. What you typed is kept.");
  } finally {
    onTheWay.delete(String(body));
    delete form.dataset.busy;
    const key = one("input[name=key]", form);
    if (key && words === null) key.value = crypto.randomUUID();
  }
}

// ---- Listening ----

let answers = 0;
let missed = false;
let looking = false;

async function look() {
  if (document.hidden || looking) { missed = true; return; }
  looking = true;
  const here = location.href, before = answers;
  let stale = false;
  try {
    const { page } = await fetched(here);
    // What was sent meanwhile has brought a newer page: this one would take its report away.
    stale = here !== location.href || before !== answers;
    if (!stale) { show(page, { mine: false }); missed = false; }
  } catch (error) {
    // Whoever was let out of a channel sees it no more; after anything else the next event tries again.
    if (error.status === 404) location.reload();
  }
  looking = false;
  if (stale) look();
}

const lastShown = () => Number(all("#posts > .post").at(-1)?.id.slice(5) ?? 0);

function listen() {
  let first = true;
  const stream = new EventSource(document.body.dataset.events);
  stream.onmessage = (event) => {
    const { last, unread } = JSON.parse(event.data);
    if (document.hidden) document.title = document.title.replace(/^(\(\d+\) )?/, unread ? `(${unread}) ` : "");
    if (!first || missed || last !== lastShown()) look();
    first = false;
  };
  // After a break, look once: anything may have come meanwhile.
  stream.onerror = () => { missed = true; };
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && missed) look(); });

// ---- Completing commands ----

const commands = JSON.parse(one("#commands").textContent);
const list = one("#options");
let chosen = -1;

function optionsFor(typed) {
  if (!typed.startsWith("/") || typed.includes("\n")) return { options: [] };
  const wanted = typed.toLowerCase();
  const begun = commands.filter((each) => wanted.startsWith(`${each.typed} `))
    .sort((a, b) => b.typed.length - a.typed.length)[0];
  const matching = commands.filter((each) => each.typed.startsWith(wanted.trimEnd()) && each.typed !== wanted.trimEnd());
  const exact = commands.find((each) => each.typed === wanted.trimEnd());
  if (begun && !(matching.length && wanted === `${begun.typed} `)) {
    const rest = begun.examples.filter((each) => each.toLowerCase().startsWith(wanted) && each.toLowerCase() !== wanted);
    return { command: begun, options: rest.map((each) => ({ value: each, label: each, note: "example" })), pick: false };
  }
  const loose = matching.length || exact ? matching : commands.filter((each) => each.typed.includes(wanted.slice(1).trim()));
  return {
    command: exact?.args.length ? exact : null,
    options: loose.map((each) => ({ value: each.args.length ? `${each.typed} ` : each.typed, label: each.typed, note: each.summary })),
    pick: !exact,
  };
}

function drawUsage(command) {
  const usage = one("#usage");
  usage.hidden = !command;
  usage.replaceChildren();
  if (!command) return;
  const code = document.createElement("code");
  code.textContent = command.usage;
  usage.append(code, ...command.args.map((arg) => {
    const line = document.createElement("span");
    line.textContent = `${arg.name}: ${arg.help}${arg.required ? "" : " (optional)"}`;
    return line;
  }));
}

function offer() {
  const { command, options, pick } = optionsFor(text.value);
  list.replaceChildren(...options.map((each, place) => {
    const item = document.createElement("li");
    item.id = `option-${place}`;
    item.role = "option";
    item.dataset.value = each.value;
    if (each.note === "example") item.className = "example";
    const name = document.createElement("b");
    const note = document.createElement("span");
    name.textContent = each.label;
    note.textContent = each.note;
    item.append(name, note);
    return item;
  }));
  list.hidden = !options.length;
  drawUsage(command);
  one("#offers").hidden = !options.length && !command;
  choose(options.length && pick ? 0 : -1);
  if (options.length) sayAloud(options.length === 1 ? "1 suggestion" : `${options.length} suggestions`);
}

function choose(place) {
  chosen = place;
  const items = [...list.children];
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === place)));
  if (place < 0) { text.removeAttribute("aria-activedescendant"); return; }
  text.setAttribute("aria-activedescendant", items[place].id);
  items[place].scrollIntoView({ block: "nearest" });
}

function complete(item) {
  text.value = item.dataset.value;
  text.focus();
  offer();
}

text.addEventListener("input", offer);
text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) one("#offers").hidden = true; }, 150));
text.addEventListener("focus", () => { if (text.value.startsWith("/")) offer(); });
list.addEventListener("mousedown", (event) => {
  event.preventDefault();
  const item = event.target.closest("li");
  if (item) complete(item);
});
text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const open = !one("#offers").hidden;
  const count = list.children.length;
  if (open && count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? (chosen + 1) % count : (chosen <= 0 ? count : chosen) - 1);
  } else if (open && event.key === "Escape") {
    event.preventDefault();
    one("#offers").hidden = true;
    choose(-1);
  } else if (open && count && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    complete(list.children[Math.max(chosen, 0)]);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (open && chosen >= 0) complete(list.children[chosen]);
    else text.form.requestSubmit();
  }
});

// ---- Beginning ----

// On a phone the people and the places are rows that scroll: show which ones are meant.
for (const list of all(".side ul")) {
  const mine = one("[aria-current]", list);
  if (mine) list.scrollLeft = mine.offsetLeft - (list.clientWidth - mine.offsetWidth) / 2;
}

if (one("#dialog")) openDialog(one("#dialog"));
const news = one(".rule.new");
if (news) news.scrollIntoView({ block: "start" });
else if (one("ol#posts")) toEnd();
if (matchMedia("(hover: hover)").matches && !one("#dialog")) text.focus({ preventScroll: true });
listen();
