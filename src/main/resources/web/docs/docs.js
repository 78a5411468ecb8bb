// The menu of narrow windows, a button that copies each block of code, and links to headings.

const menu = document.getElementById('menu');
const navigation = document.getElementById('navigation');

function toggle(open) {
  menu.setAttribute('aria-expanded', open);
  navigation.classList.toggle('open', open);
}

menu.hidden = false;
// Without a script, narrow windows show the navigation always.
document.documentElement.classList.add('script');
menu.addEventListener('click', () => toggle(menu.getAttribute('aria-expanded') !== 'true'));
addEventListener('keydown', event => {
  if (event.key === 'Escape' && menu.getAttribute('aria-expanded') === 'true') {
    toggle(false);
    menu.focus();
  }
});

for (const block of document.querySelectorAll('article pre')) {
  const frame = document.createElement('div');
  frame.className = 'code';
  block.replaceWith(frame);
  frame.append(block, copyButton(block));
}

for (const heading of document.querySelectorAll('article :is(h2, h3)[id]')) {
  const link = document.createElement('a');
  link.className = 'anchor';
  link.href = `#${heading.id}`;
  link.textContent = '#';
  link.setAttribute('aria-label', `Link to “${heading.textContent}”`);
  heading.append(link);
}

function copyButton(block) {
  const button = document.createElement('button');
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    button.textContent = await copy(block) ? 'Copied' : 'Selected';
    setTimeout(() => button.textContent = 'Copy', 2000);
  });
  return button;
}

/** Browsers have a clipboard for pages from loopback or HTTPS only: elsewhere the text is selected, to be copied by hand. */
async function copy(block) {
  try {
    await navigator.clipboard.writeText(block.textContent.replace(/\n$/, ''));
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return false;
  }
}
