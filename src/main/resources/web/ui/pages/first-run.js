/** What the list of sessions shows while there never was one: how to make the first. */
import { html } from "lit";
import { SERVER, post } from "../api.js";
import { Element, failure, snippet } from "../elements.js";
import { go, link } from "../router.js";

/** Of this page alone, so that it opens where there is no internet, too. */
const PAGE = `data:text/html;charset=utf-8,${encodeURIComponent(`<!doctype html><html lang="en"><title>Your first session</title>
<style>body{font:20px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#18202a}
button,input{font:inherit;padding:.3em .8em}</style>
<h1>Hello from Chrome</h1><p>This page is open in its own Chrome on the server. Type and click in the live view, as in your own browser.</p>
<p><label>Your name <input id="name"></label> <button id="greet">Greet</button></p><p id="greeting" role="status"></p>
<script>console.log("The page is loaded");document.getElementById("greet").onclick=()=>{const name=document.getElementById("name").value||"stranger";
document.getElementById("greeting").textContent="Hello, "+name+"!";console.log("Greeted "+name)}</script>`)}`;

function curl() {
  return `curl -X POST ${SERVER}/api/sessions \\
  -H "Authorization: Bearer $BERTH_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"initialPrompt": "https://example.com"}'`;
}

function puppeteer() {
  return `import puppeteer from "puppeteer-core";

const browser = await puppeteer.connect({
  browserWSEndpoint: "${SERVER.replace(/^http/, "ws")}/connect?token=" + process.env.BERTH_API_KEY,
});
const [page] = await browser.pages();
await page.goto("https://example.com");
console.log(await page.title());
await browser.disconnect();`;
}

function playwright() {
  return `from os import environ
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.connect_over_cdp(
        "${SERVER.replace(/^http/, "ws")}/connect?token=" + environ["BERTH_API_KEY"])
    page = browser.contexts[0].pages[0]
    page.goto("https://example.com")
    print(page.title())`;
}

class FirstRun extends Element {
  static properties = { busy: { state: true }, error: { state: true } };

  async open() {
    this.busy = true;
    this.error = null;
    try {
      const { sessionId } = await post("/api/sessions", { initialPrompt: PAGE, metadata: { made: "by hand" } });
      go(link(`session/${sessionId}`));
    } catch (e) {
      this.error = e;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="first-run">
      <section class="card hero">
        <h2>Start your first browser</h2>
        <p>A session is a real Chrome on this server. Watch it live, control it by hand or from code, and look back at everything that
          happened: actions, console, network, pictures.</p>
        <div class="row">
          <button type="button" class="primary big" ?disabled=${this.busy} @click=${this.open}>${this.busy ? "Opening …" : "Open a session"}</button>
          <a class="button big" href=${link("new")}>Choose options</a></div>
        ${this.error ? failure(this.error) : ""}
      </section>
      <section class="card"><h2>Or from a terminal</h2>
        <p class="muted">The response has the session's ID, and a URL for Puppeteer or Playwright.</p>
        ${snippet(curl(), "The request with curl")}</section>
      <section class="card"><h2>Or with Puppeteer</h2>
        <p class="muted">The session ends a while after your program disconnects.</p>
        ${snippet(puppeteer(), "A program with Puppeteer")}</section>
      <section class="card"><h2>Or with Playwright in Python</h2>
        <p class="muted">The same from Python.</p>
        ${snippet(playwright(), "A program with Playwright")}</section>
    </div>`;
  }
}
customElements.define("berth-first-run", FirstRun);
