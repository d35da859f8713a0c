// A browser that takes note of everything that goes wrong in it.
import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// Every view is looked at like this.
const looks = [
  { name: 'wide', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
];

// Those that are kept under docs/screenshots.
const kept = [
  'shop-wide', 'shop-phone', 'cart-wide', 'payment-wide', 'enrol-wide', 'orders-phone', 'security-wide',
  'protect-phone', 'federated-phone', 'connect-wide', 'inbox-phone',
];

export class Browser {
  #folder;
  #context;
  #screenshots;
  #wrongs = [];
  #waiting = new Set();
  page;

  // Some screenshots go to the folder, if there is one.
  static async open(screenshots) {
    const browser = new Browser();
    browser.#screenshots = screenshots;
    if (screenshots) await mkdir(screenshots, { recursive: true });
    browser.#folder = await mkdtemp(join(tmpdir(), 'storefront-'));
    browser.#context = await chromium.launchPersistentContext(browser.#folder, {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: flags, headless: true,
      viewport: looks[0].viewport, colorScheme: looks[0].colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin',
      // Managed login has a certificate that was made when the stage started.
      ignoreHTTPSErrors: true,
    });
    browser.page = browser.#context.pages()[0] ?? await browser.#context.newPage();
    browser.watch(browser.page);
    return browser;
  }

  async close() {
    await this.#context.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  // Takes note of what goes wrong in a page.
  watch(page) {
    page.setDefaultTimeout(30_000);
    page.on('pageerror', error => this.#wrongs.push(`error in the page: ${error.stack ?? error}`));
    page.on('console', message => {
      // Chromium says so of every refused or failed request, which are noted below with more detail.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
      this.#wrongs.push(`console: ${message.text()}`);
    });
    page.on('request', request => {
      const { protocol, hostname } = new URL(request.url());
      const external = protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(hostname);
      if (external) this.#wrongs.push(`external request: ${request.url()}`);
    });
    page.on('requestfailed', request => {
      // What the page was waiting for when it left for another one has not failed.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') this.#wrongs.push(`${call(request)} failed`);
    });
    page.on('request', request => this.#waiting.add(request));
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, request => this.#waiting.delete(request));
    page.on('response', response => {
      if (response.status() >= 400) this.#wrongs.push(`${call(response.request())} ${response.status()}`);
    });
  }

  // Tells a page that its tab is in the background, or in front again. Without a window Chromium shows every tab.
  setHidden = (page, hidden) => page.evaluate(is => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => is });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

  // What has gone wrong since the last time must be exactly this, however often.
  expect(...wrongs) {
    assert.deepEqual([...new Set(this.#wrongs.splice(0))], wrongs, 'what went wrong in the browser');
  }

  // Waits until the page has been waiting for nothing for a while: an answer may lead to another request.
  async settled() {
    for (let quiet = 0; quiet < 5; quiet = this.#waiting.size === 0 ? quiet + 1 : 0) await sleep(100);
  }

  // Looks at the view as it is now: wide and light, narrow and dark. Nothing may be cut off, and axe must find nothing.
  async look(view, page = this.page) {
    for (const { name, viewport, colorScheme } of looks) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.map(describe), [], `axe, ${view}, ${name}`);
      assert.deepEqual(await page.evaluate(beyondTheEdges), [], `${view}, ${name}: beyond the edges`);
      await this.#shoot(`${view}-${name}`, page);
    }
    await page.setViewportSize(looks[0].viewport);
    await page.emulateMedia({ colorScheme: looks[0].colorScheme });
  }

  async #shoot(name, page) {
    if (!this.#screenshots || !(kept.includes(name) || process.env.SCREENSHOTS_ALL)) return;
    await page.screenshot({ path: join(this.#screenshots, `${name}.png`), animations: 'disabled' });
  }

  // Goes to an element as those do who have no mouse. It must show that it has the focus.
  async tabTo(locator) {
    for (let presses = 0; presses < 60; presses++) {
      if (await locator.evaluate(element => element === document.activeElement)) {
        const outline = await locator.evaluate(element => getComputedStyle(element).outlineStyle);
        assert.notEqual(outline, 'none', `the focus on ${locator} cannot be seen`);
        return;
      }
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`${locator} cannot be reached with the Tab key`);
  }
}

// Runs in the page: what is cut off at the left or right. What is only for screen readers is one pixel wide.
function beyondTheEdges() {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && (box.left < -0.5 || box.right > width + 0.5);
  }).map(element => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`);
}

// The user pool has one path for everything; what it is asked is in a header.
function call(request) {
  const operation = request.headers()['x-amz-target']?.split('.').pop();
  return operation ?? `${request.method()} ${new URL(request.url()).pathname}`;
}

const describe = ({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`;
