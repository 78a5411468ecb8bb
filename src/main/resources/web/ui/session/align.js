/** Which entry of one session corresponds to which of another. Pure. */

/** So many entries of a kind are aligned: the table of the alignment has a row or a column for each. */
export const MOST_ALIGNED = 1000;

/** Pairs `[entry of a, entry of b]`, in order; a side is undefined where the other has no such entry. @param key equal where entries correspond */
export function align(a, b, key) {
  const left = a.slice(0, MOST_ALIGNED);
  const right = b.slice(0, MOST_ALIGNED);
  const common = longest(left.map(key), right.map(key));
  const pairs = [];
  let i = 0;
  let j = 0;
  for (const [atLeft, atRight] of [...common, [left.length, right.length]]) {
    pairs.push(...between(left.slice(i, atLeft), right.slice(j, atRight)));
    if (atLeft < left.length) {
      pairs.push([left[atLeft], right[atRight]]);
    }
    i = atLeft + 1;
    j = atRight + 1;
  }
  return pairs;
}

/** Of what is not common, an action of the same verb stands beside its like: it was done to something else. Other entries stand alone. */
function between(left, right) {
  const pairs = [];
  const rest = [...right];
  for (const action of left) {
    const like = action.type ? rest.findIndex((other) => other.type === action.type) : -1;
    if (like >= 0) {
      pairs.push(...rest.splice(0, like).map((other) => [undefined, other]), [action, rest.shift()]);
    } else {
      pairs.push([action, undefined]);
    }
  }
  return [...pairs, ...rest.map((other) => [undefined, other])];
}

/** Places `[i, j]` of the longest common subsequence. */
function longest(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const places = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      places.push([i++, j++]);
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
      i++;
    } else {
      j++;
    }
  }
  return places;
}
