/** Where the dashboard is: the path and the query of its URL. Links within the dashboard change it without loading it anew. */

/** A proxy may put a path before `/ui/`. */
const BASE = new URL("./", import.meta.url).pathname;

/** `{name, id, query}` of the URL: `name` is the first part of its path, "" for the sessions, and null where the path is broken. */
export function place() {
  const [name = "", id = ""] = location.pathname.slice(BASE.length).split("/");
  const query = new URLSearchParams(location.search);
  try {
    return { name, id: decodeURIComponent(id), query };
  } catch {
    // The id has bytes that are no text, such as %FF: it names nothing.
    return { name: null, id: "", query };
  }
}

/** The URL of a place. @param query values that are undefined, null or "" are left out */
export function link(path = "", query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      search.set(name, value);
    }
  }
  return BASE + path + (search.size ? `?${search}` : "");
}

export function go(url) {
  history.pushState(null, "", url);
  changed();
}

/** Changes the query or hash in the URL without a new entry of the browser's history: for filters, as a person types them. */
export function replace(url) {
  history.replaceState(history.state, "", url);
}

function changed() {
  dispatchEvent(new CustomEvent("berth-place"));
}

addEventListener("popstate", changed);

addEventListener("click", (event) => {
  const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!anchor || !plain || event.defaultPrevented || anchor.target || anchor.hasAttribute("download")) {
    return;
  }
  const url = new URL(anchor.href);
  if (url.origin === location.origin && url.pathname.startsWith(BASE) && !(url.hash && url.pathname === location.pathname)) {
    event.preventDefault();
    go(url.href);
  }
});
