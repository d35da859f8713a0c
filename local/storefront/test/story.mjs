// The whole story in a real browser, against a stage that is served: `node local/storefront/test/story.mjs`. Arguments
// name the chapters to walk through; without any, it is those of a stage where a second factor is optional.
// STOREFRONT_URL is where the storefront is (http://localhost:5173 if unset), SCREENSHOTS a folder for pictures of some
// views (none if unset), of all views if SCREENSHOTS_ALL is set, CHROMIUM the browser (/usr/bin/chromium if unset).
import { Browser } from './browser.mjs';
import { Shop } from './shop.mjs';

const named = process.argv.slice(2);
const chapters = named.length > 0 ? named : ['guest', 'customer', 'security', 'keyboard', 'federated'];
const url = process.env.STOREFRONT_URL || 'http://localhost:5173';
const browser = await Browser.open(process.env.SCREENSHOTS);
let title = 'The storefront is there';
try {
  const shop = await Shop.open(browser, url);
  for (const chapter of chapters) {
    const { steps } = await import(`./${chapter}.mjs`);
    for (const [name, step] of Object.entries(steps)) {
      title = name;
      const started = performance.now();
      await step(shop);
      console.log(`${name} (${Math.round(performance.now() - started)} ms)`);
    }
  }
} catch (error) {
  console.error(`${title}: ${error.stack ?? error}`);
  const said = await browser.page.locator('body').innerText().catch(() => 'nothing');
  console.error(`The browser was at ${browser.page.url()}, which said: ${said}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
