// Shows newer messages without a reload, and asks for none while nobody sees the page.
const period = 1500; // milliseconds
const messages = document.getElementById('messages');
const state = document.getElementById('state');
const say = text => { if (state.textContent !== text) state.textContent = text; };
const count = place => place.querySelectorAll('article').length;
let timer;

// The server renders messages, so what is in them is text here as well.
async function update() {
  clearTimeout(timer);
  try {
    const response = await fetch(location.href);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const newer = page.getElementById('messages');
    if (newer.innerHTML === messages.innerHTML) {
      if (!state.dataset.news) say('This page updates itself.');
    } else {
      const more = count(newer) - count(messages);
      messages.replaceChildren(...newer.childNodes);
      document.title = page.title;
      state.dataset.news = 'true';
      say(more > 0 ? `${more} new ${more === 1 ? 'message' : 'messages'}.` : 'There are new messages.');
    }
  } catch {
    say('The stage does not answer. This page goes on when it does.');
    delete state.dataset.news;
  }
  rest();
}

function rest() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(update, period);
}

document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : update());
update();

// The shop has opened this page in a new tab, and its own still shows what it waits for: closing the new one leads back
// there. Browsers let a page close its tab if that has shown nothing else.
document.getElementById('back')?.addEventListener('click', event => {
  if (history.length > 1) return;
  event.preventDefault();
  close();
  setTimeout(() => location.assign(event.target.href), 300);
});
