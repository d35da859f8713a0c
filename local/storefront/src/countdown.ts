import { h } from './dom';

// Authenticator apps show another code every 30 seconds (RFC 6238), and the user pool takes each once.
const period = 30_000;
const now = () => Math.floor(Date.now() / period);

// The period whose code was given last, on this page.
let used = -1;
export const noteUse = () => { used = now(); };

// When the next code comes, as long as it is shown. Screen readers do not read each second out.
export function countdown(): HTMLElement {
  const place = h('p', { class: 'hint countdown', role: 'timer' });
  const draw = () => {
    const seconds = Math.ceil((period - Date.now() % period) / 1000);
    place.textContent = used === now()
      ? `You have just used the code that your app shows. The next one comes in ${seconds} s.`
      : `The next one comes in ${seconds} s.`;
  };
  draw();
  const timer = setInterval(() => place.isConnected ? draw() : clearInterval(timer), 250);
  return place;
}
