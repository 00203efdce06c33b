"use strict";

const say = (text) => { document.getElementById("status").textContent = text; };

async function send(method, path, body) {
  say("…");
  const response = await fetch(path, { method, body: body && JSON.stringify(body) });
  if (response.ok) { location.reload(); return; }
  const problem = await response.json().catch(() => ({ message: response.statusText }));
  say(problem.message);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-path]");
  if (button) send(button.dataset.method, button.dataset.path);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-post]");
  if (!form) return;
  event.preventDefault();
  const body = {};
  for (const field of form.elements) {
    if (field.name && field.value) body[field.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  send("POST", form.dataset.post, body);
});

const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (named instanceof HTMLDetailsElement) named.open = true;
