import { button, el, setText } from './dom.ts';
import type { SendForm } from './send-form.ts';
import { asCurl, asNode } from './snippets.ts';

const SAID_MS = 2_000;

/** What the form would send, as code to copy. */
export function callsPanel(section: HTMLElement, form: SendForm, apiKey: string): void {
  const curl = snippet('curl');
  const node = snippet('Node');
  section.append(
    el('h2', { id: 'calls-title' }, 'The same call from your code'),
    el(
      'p',
      { class: 'hint' },
      'These follow the form. The page hears what you send this way too, at once and in every tab. The client tries again by itself while the server is away, and sends nothing twice.',
    ),
    el('div', { class: 'snippets' }, curl.element, node.element),
  );
  form.watch(() => {
    setText(curl.code, asCurl(form.draft, location.origin, apiKey));
    setText(node.code, asNode(form.draft, location.origin, apiKey));
  });
}

function snippet(name: string): { element: HTMLElement; code: HTMLElement } {
  const code = el('code');
  const copy = button('Copy', () => void copied(code.textContent, copy), {
    class: 'quiet',
    'aria-label': `Copy the ${name} code`,
  });
  const head = el('div', { class: 'snippet-head' }, el('h3', {}, name), copy);
  return { element: el('div', { class: 'snippet' }, head, el('pre', { tabindex: '0' }, code)), code };
}

async function copied(text: string, copy: HTMLButtonElement): Promise<void> {
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  setText(copy, done ? 'Copied' : 'Select it and copy by hand');
  setTimeout(() => setText(copy, 'Copy'), SAID_MS);
}
