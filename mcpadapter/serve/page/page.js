"use strict";

const status = document.getElementById("status");

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      status.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(source);
      status.textContent = "Selected: copy it with the keyboard.";
    }
  });
}

const search = document.querySelector("input[type=search]");

// While a person types, only rows with all words stay; Enter asks the server, which knows other words for them too.
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const set of document.querySelectorAll(".set")) {
    let shown = 0;
    for (const row of set.querySelectorAll("li")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown++;
    }
    set.hidden = shown === 0;
  }
}

if (search) {
  search.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea")) {
      event.preventDefault();
      search.focus();
    }
  });
}
