// Draws the charts of the page and switches its language. Everything it needs is in the page.
"use strict";
(() => {
  const root = document.documentElement;
  const { charts, labels } = JSON.parse(document.getElementById("payload").textContent);
  const views = [];

  // Without a place to remember the choice (a file opened from disk may have none) it is English.
  const remembered = () => {
    try { return localStorage.getItem("regulars-language"); } catch { return null; }
  };
  const remember = (language) => {
    try { localStorage.setItem("regulars-language", language); } catch { /* asked again next time */ }
  };

  const named = (rows, groups, language) => rows.map((row) => {
    const copy = { ...row };
    for (const [column, group] of Object.entries(groups)) {
      if (copy[column] !== null) copy[column] = labels[language][`${group}.${copy[column]}`];
    }
    return copy;
  });

  const draw = async (language) => {
    while (views.length) views.pop().finalize();
    for (const place of document.querySelectorAll("[data-chart]")) {
      const { rows, groups, specs } = charts[place.dataset.chart];
      const spec = structuredClone(specs[language]);
      if (spec.height?.step) {
        const { field } = (spec.layer?.[0] ?? spec).encoding.y;
        spec.height = spec.height.step * new Set(rows.map((row) => row[field])).size;
      }
      spec.datasets = { ...spec.datasets, rows: named(rows, groups, language) };
      const { view } = await vegaEmbed(place, spec, { actions: false, renderer: "svg" });
      views.push(view);
    }
    root.dataset.drawn = language;
  };

  const show = (language) => {
    root.dataset.language = language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
    // On a phone the row of pages is longer than the screen is wide.
    const menu = document.querySelector("nav");
    const here = menu.querySelector("[aria-current]");
    menu.scrollLeft += here.getBoundingClientRect().left - menu.getBoundingClientRect().left - 16;
    return draw(language);
  };

  const asked = new URLSearchParams(location.search).get("lang");
  const first = [asked, remembered()].find((language) => language in labels)
    ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  document.getElementById("language").addEventListener("click", () => {
    const next = root.dataset.language === "en" ? "zh" : "en";
    remember(next);
    show(next);
  });
  // Links keep a language that was asked for in the address.
  if (asked in labels) {
    for (const link of document.querySelectorAll("nav a, a.brand")) link.search = `?lang=${asked}`;
  }
  show(first);
})();
