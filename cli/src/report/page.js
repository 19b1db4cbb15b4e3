"use strict";
// Swaps views, filters lists, and shows the posts behind a number. Whatever comes from a post is set as
// text, never as markup. Without it the page shows everything, unfiltered.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const target = one("#target"), period = one("#period"), dialog = one("#posts");
  const MOST = 60;
  let kept = null;
  // Read when it is first asked for: the page is there before its posts are.
  const data = () => kept || (kept = JSON.parse(one("#data").textContent));
  const word = (key) => { const w = data().words; return Object.hasOwn(w, key) ? w[key] : key.split(".").pop(); };

  const element = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  // Whether a post answers a question (see `query` in the program).
  const answers = (post, q) => {
    if (q.has("i")) return q.get("i").split("\n").includes(post.i);
    if (q.has("g")) return post.g === Number(q.get("g"));
    if (q.has("f") && (post.d === null || post.d < Number(q.get("f")) || post.d >= Number(q.get("u")))) return false;
    const noise = q.get("n");
    const relay = post.n === "repost" || post.n === "duplicate";
    if (noise === "copies" && !relay && !post.e) return false;
    if (noise === "duplicate" && post.n !== "duplicate" && !post.e) return false;
    if (noise === "volume" && post.n !== "none" && !relay) return false;
    if (noise === "relay" && !relay) return false;
    if (noise === "noise" && (post.n === "none" || relay)) return false;
    if (noise && !["volume", "relay", "noise", "copies", "duplicate"].includes(noise) && post.n !== noise) return false;
    if (q.has("r") && post.r !== q.get("r")) return false;
    if (q.has("s") && post.s !== q.get("s")) return false;
    if (q.has("k") && post.k !== Number(q.get("k"))) return false;
    if (q.has("b") && post.w !== q.get("b")) return false;
    if (q.has("w") && !words(post).includes(q.get("w").toLowerCase())) return false;
    let tones = [[-1, post.l, []]];
    if (q.has("t")) tones = post.t.filter((t) => t[0] === Number(q.get("t")));
    if (q.has("a")) {
      const source = q.has("t") ? tones : post.t;
      tones = source.flatMap((t) => t[2].filter((a) => a[0] === q.get("a")).map((a) => [t[0], a[1], []]));
    }
    return tones.some((t) => !q.has("l") || t[1] === q.get("l"));
  };
  const words = (post) => post.m.map((piece) => piece[0]).join("").toLowerCase();

  const card = (post) => {
    const quote = element("blockquote", undefined, post.l);
    const text = element("p");
    text.dir = "auto";
    for (const [piece, weight] of post.m) {
      if (weight === 0) { text.append(piece); continue; }
      const mark = element("mark", piece, (weight > 0 ? "pos" : "neg") + (Math.abs(weight) >= 10 ? " strong" : ""));
      mark.title = (weight > 0 ? "+" : "") + (weight / 100).toFixed(2);
      text.append(mark);
    }
    const foot = element("footer");
    foot.append(element("span", word("tone." + post.l), "tone " + post.l), " " + post.c + " %");
    const about = [post.w, word("source." + post.s), word("role." + post.r), post.y, post.i];
    if (post.n !== "none") about.push(word("noise." + post.n));
    foot.append(" · " + about.filter(Boolean).join(" · "));
    if (post.u) {
      const link = element("a", word("js.link"));
      link.href = post.u;
      link.rel = "noopener noreferrer nofollow";
      link.target = "_blank";
      foot.append(" · ", link);
    }
    quote.append(text, foot);
    return quote;
  };

  const show = (what, number, query) => {
    const q = new URLSearchParams(query);
    const found = data().posts.filter((post) => answers(post, q));
    one("#posts-title").textContent = what + (number ? ": " + number : "");
    const shown = found.slice(0, MOST);
    one("#posts-count").textContent = found.length === 0 ? word("js.no_posts")
      : word("js.some_posts").replace("{0}", shown.length).replace("{1}", found.length);
    one("#posts-list").replaceChildren(...shown.map(card));
    dialog.showModal();
    one("#posts-list").scrollTop = 0;
  };

  // What lists show: entries of the target, told in the period.
  const filter = () => {
    const chosen = period.selectedOptions[0];
    const from = chosen && chosen.dataset.f ? Number(chosen.dataset.f) : -Infinity;
    const to = chosen && chosen.dataset.u ? Number(chosen.dataset.u) : Infinity;
    for (const list of all(".list")) {
      let left = 0;
      for (const entry of all("[data-t]", list)) {
        const about = entry.dataset.t === "" ? [] : entry.dataset.t.split(" ");
        const fits = (target.value === "all" || about.includes(target.value))
          && !(entry.dataset.u && Number(entry.dataset.u) <= from) && !(entry.dataset.f && Number(entry.dataset.f) >= to);
        entry.hidden = !fits;
        left += fits ? 1 : 0;
      }
      const none = one(".empty", list);
      if (none) none.hidden = left > 0;
    }
  };

  const choose = () => {
    const view = one("#view-" + target.value + "-" + period.value);
    if (!view) return;
    one("#view").replaceChildren(view.content.cloneNode(true));
    filter();
    one("#state").textContent = one("#view .which").textContent;
    history.replaceState(null, "", "#" + new URLSearchParams({ target: target.value, period: period.value }));
  };

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-q]");
    if (asked) show(asked.dataset.what, asked.matches("button") ? asked.textContent : "", asked.dataset.q);
  });
  one("#close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  one("#filter").addEventListener("submit", (event) => event.preventDefault());
  target.addEventListener("change", choose);
  period.addEventListener("change", choose);

  // A link to the page may say what it shows.
  const asked = new URLSearchParams(location.hash.slice(1));
  const has = (select, value) => Array.from(select.options).some((option) => option.value === value);
  if (has(target, asked.get("target")) && has(period, asked.get("period"))) {
    target.value = asked.get("target");
    period.value = asked.get("period");
    choose();
  }
})();
