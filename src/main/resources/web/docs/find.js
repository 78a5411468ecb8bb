// Finds sections of the documentation by their words.

const MOST = 12;
const MOST_OF_A_PAGE = 3;
/** Words that say nothing about a section, left out where others are there. */
const PLAIN = new Set('a an and are at by can do does for from how i is it my not of or the to what when where which with'.split(' '));

const lower = text => text.toLowerCase();

/** A plural finds its singular, too. */
const stem = word => word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;

/** What to look for. */
export function words(text) {
  const all = lower(text).match(/[\p{L}\p{N}_.$/-]+/gu) ?? [];
  const telling = all.filter(word => !PLAIN.has(word));
  return (telling.length > 0 ? telling : all).map(stem);
}

/** @param sections of `search.json` */
export function index(sections) {
  return sections.map(section => ({
    ...section,
    fields: [[lower(section.page), 8], [lower(section.heading), 12], [lower(section.text), 1]],
  }));
}

/** How well a text has a word: at a word's beginning counts more than within one, a whole word or its plural most. */
function fit(text, word) {
  let best = 0;
  for (let at = text.indexOf(word); at >= 0 && best < 4; at = text.indexOf(word, at + 1)) {
    const begins = !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');
    const ends = /^s?([^\p{L}\p{N}]|$)/u.test(text.slice(at + word.length, at + word.length + 2));
    best = Math.max(best, begins && ends ? 4 : begins ? 2 : 1);
  }
  return best;
}

/** 0 unless the section has every word. */
function score(section, wanted) {
  let sum = 0;
  for (const word of wanted) {
    const points = section.fields.reduce((all, [text, weight]) => all + fit(text, word) * weight, 0);
    if (points === 0) {
      return 0;
    }
    sum += points;
  }
  return sum;
}

/** The best sections for words, of each page a few. */
export function search(sections, wanted) {
  const ofPage = new Map();
  return sections.map(section => ({section, points: score(section, wanted)}))
    .filter(found => found.points > 0)
    .sort((one, other) => other.points - one.points)
    .map(found => found.section)
    .filter(({page}) => {
      ofPage.set(page, (ofPage.get(page) ?? 0) + 1);
      return ofPage.get(page) <= MOST_OF_A_PAGE;
    })
    .slice(0, MOST);
}
