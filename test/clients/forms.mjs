// Reads the forms of the stage's pages, as a browser without scripts does.
import { strict as assert } from 'node:assert';

// The forms of a page: where each leads, and what its inputs hold.
export const forms = page => [...page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)]
  .map(([, tag, content]) => ({ action: attribute(tag, 'action'), body: filled(content) }));

function filled(content) {
  const body = new URLSearchParams();
  for (const [, input] of content.matchAll(/<input([^>]*)>/g)) {
    if (attribute(input, 'type') === 'checkbox' && !/\schecked/.test(input)) continue;
    body.set(attribute(input, 'name'), attribute(input, 'value') ?? '');
  }
  return body;
}

const entities = { '&amp;': '&', '&#43;': '+', '&#34;': '"', '&#39;': '\'', '&lt;': '<', '&gt;': '>' };

export const attribute = (tag, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  .replaceAll(/&(amp|lt|gt|#\d+);/g, entity => entities[entity] ?? assert.fail(`unknown ${entity}`));
