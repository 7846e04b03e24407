"use strict";
// The pages are whole without this script; it adds what a hand on the keys wants.
(() => {
  const $ = (s, from = document) => from.querySelector(s);
  const $$ = (s, from = document) => Array.from(from.querySelectorAll(s));
  const typing = (e) => e.target.closest("input, textarea, select, [contenteditable]");

  // Suggestions below the search box.
  const box = $("#q"), list = $("#suggest");
  if (box && list) {
    let at = -1, timer = 0, asked = "";
    const items = () => $$("li", list);
    const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
    const word = () => box.value.slice(0, box.selectionStart).split(/[\s()]/).pop();
    const take = (i) => {
      const li = items()[i];
      if (!li) return;
      const end = box.selectionStart, start = end - word().length;
      box.value = box.value.slice(0, start) + li.dataset.query + " " + box.value.slice(end).trimStart();
      close();
      box.focus();
    };
    const point = (i) => {
      const all = items();
      at = (i + all.length) % all.length;
      all.forEach((li, k) => li.setAttribute("aria-selected", String(k === at)));
      box.setAttribute("aria-activedescendant", all[at].id);
    };
    const show = (found) => {
      list.replaceChildren(...found.map((s, i) => {
        const li = document.createElement("li");
        li.id = "suggest-" + i;
        li.setAttribute("role", "option");
        li.setAttribute("aria-selected", "false");
        li.dataset.query = s.query;
        const name = document.createElement("span"), what = document.createElement("span");
        name.textContent = s.label;
        what.textContent = s.query;
        what.className = "soft";
        li.append(name, what);
        li.addEventListener("mousedown", (e) => { e.preventDefault(); take(i); });
        return li;
      }));
      at = -1;
      list.hidden = found.length === 0;
      box.setAttribute("aria-expanded", String(found.length > 0));
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const w = word();
        if (w.length < 1 || /^["-]/.test(w)) return close();
        asked = w;
        const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
        try {
          const r = await fetch("/suggest.json?lang=" + lang + "&q=" + encodeURIComponent(w));
          if (r.ok && asked === w) show(await r.json());
        } catch { close(); }
      }, 120);
    });
    box.addEventListener("keydown", (e) => {
      if (list.hidden) return;
      if (e.key === "ArrowDown") { e.preventDefault(); point(at + 1); }
      else if (e.key === "ArrowUp") { e.preventDefault(); point(at - 1); }
      else if (e.key === "Enter" && at >= 0) { e.preventDefault(); take(at); }
      else if (e.key === "Escape") { e.stopPropagation(); close(); }
      else if (e.key === "Tab") close();
    });
    box.addEventListener("blur", () => setTimeout(close, 150));
  }

  // In a document: from a mark to its fact and on to the next.
  const marks = $$(".text span[id]").filter((m) => m.className);
  const facts = new Map();
  $$("li.fact[data-href]").forEach((li) => { if (li.dataset.href) facts.set(li.dataset.href.slice(1), li); });
  const light = (m) => {
    $$(".on").forEach((x) => x.classList.remove("on"));
    if (!m) return;
    m.classList.add("on");
    const li = facts.get(m.id);
    if (li) {
      li.classList.add("on");
      li.closest("details").open = true;
      li.scrollIntoView({ block: "nearest" });
    }
  };
  marks.forEach((m) => { if (facts.has(m.id)) m.dataset.fact = "1"; });
  document.addEventListener("click", (e) => {
    const m = e.target.closest && e.target.closest(".text span[data-fact]");
    if (m) light(m);
  });
  const byHash = () => light(location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null);
  if (marks.length) { window.addEventListener("hashchange", byHash); byHash(); }
  let mark = -1;
  const step = (by) => {
    if (!marks.length) return;
    mark = (mark + by + marks.length) % marks.length;
    marks[mark].scrollIntoView({ block: "center" });
    light(marks[mark]);
  };
  const hits = $$(".hits > li > h2 > a");
  const hit = (by) => {
    if (!hits.length) return;
    const now = hits.indexOf(document.activeElement);
    hits[Math.min(hits.length - 1, Math.max(0, now + by))].focus();
  };
  document.addEventListener("keydown", (e) => {
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    const act = { "/": () => box && box.focus(), n: () => step(1), p: () => step(-1), j: () => hit(1), k: () => hit(-1) }[e.key];
    if (act) { e.preventDefault(); act(); }
  });

  // Lists that a word narrows.
  $$("input[data-filter]").forEach((input) => input.addEventListener("input", () => {
    const w = input.value.trim().toLowerCase();
    $$(input.dataset.filter).forEach((x) => { x.hidden = w !== "" && !x.textContent.toLowerCase().includes(w); });
  }));

  $$("button[data-copy]").forEach((b) => b.addEventListener("click", async () => {
    const text = $(b.dataset.copy).textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      const range = document.createRange();
      range.selectNodeContents($(b.dataset.copy));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    b.textContent = b.dataset.done;
  }));

  // Words copied from a document take their source along.
  const text = $(".text"), citation = $("#citation");
  if (text && citation) text.addEventListener("copy", (e) => {
    const words = String(getSelection());
    if (words.length < 10) return;
    e.clipboardData.setData("text/plain", words + "\n— " + citation.textContent + "\n" + location.href.split("#")[0]);
    e.preventDefault();
  });

  // Review: the name is kept in this browser and goes with every form; keys decide.
  const by = $("#by"), items = $$(".review > li[id]");
  if (by) {
    by.value = localStorage.getItem("by") || "";
    by.addEventListener("input", () => localStorage.setItem("by", by.value));
    $$(".review form").forEach((f) => f.addEventListener("submit", (e) => {
      f.elements.by.value = by.value.trim();
      if (!f.elements.by.value) { e.preventDefault(); by.focus(); }
    }));
  }
  const item = (by) => {
    const now = items.indexOf(document.activeElement && document.activeElement.closest(".review > li"));
    const next = items[Math.min(items.length - 1, Math.max(0, now + by))];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };
  if (items.length) document.addEventListener("keydown", (e) => {
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "j" || e.key === "k") { e.preventDefault(); return item(e.key === "j" ? 1 : -1); }
    const li = document.activeElement.closest(".review > li");
    const b = li && $(`[data-key="${CSS.escape(e.key)}"]`, li);
    if (!b) return;
    e.preventDefault();
    if (b.tagName === "BUTTON") b.click(); else b.focus();
  });

  // What is wider than the page can be moved by keys.
  const wide = new ResizeObserver((all) => all.forEach(({ target: t }) => {
    if (t.scrollWidth > t.clientWidth) t.tabIndex = 0; else t.removeAttribute("tabindex");
  }));
  $$(".scroll").forEach((t) => wide.observe(t));

  // Jobs that run: the page is drawn again whenever what it shows is no longer so, unless
  // somebody is typing. A job may end before the first question.
  const jobs = $("#jobs");
  if (jobs) {
    setInterval(async () => {
      const r = await fetch(jobs.dataset.src, { cache: "no-store" });
      if (r.ok && r.headers.get("ETag") !== jobs.dataset.tag && !$("textarea").value && !$("input[type=file]").value) location.reload();
    }, 1500);
  }

  // Searches kept in this browser.
  const kept = () => { try { return JSON.parse(localStorage.getItem("searches")) || []; } catch { return []; } };
  const saved = $("#saved");
  const draw = () => {
    if (!saved) return;
    const all = kept();
    saved.hidden = all.length === 0;
    $("ul", saved).replaceChildren(...all.map((s) => {
      const li = document.createElement("li"), a = document.createElement("a"), x = document.createElement("button");
      a.href = "/search" + s.search;
      a.textContent = s.title;
      x.type = "button"; x.className = "plain"; x.textContent = "×";
      x.setAttribute("aria-label", "× " + s.title);
      x.addEventListener("click", () => { localStorage.setItem("searches", JSON.stringify(kept().filter((k) => k.search !== s.search))); draw(); });
      li.append(a, " ", x);
      return li;
    }));
  };
  draw();
  $$("button[data-save]").forEach((b) => b.addEventListener("click", () => {
    const search = location.search, title = document.title.split(" · ")[0];
    localStorage.setItem("searches", JSON.stringify([{ search, title }, ...kept().filter((k) => k.search !== search)].slice(0, 50)));
    b.textContent = b.dataset.save;
    draw();
  }));
})();
