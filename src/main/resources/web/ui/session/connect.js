/** Snippets that work as pasted, with the URLs of this session. */
import { html, nothing } from "lit";
import { SERVER } from "../api.js";
import { copyButton } from "../elements.js";
import { quote } from "../shell.js";
import { View } from "./view.js";

const KEY = "$BERTH_API_KEY";

/** `[name, how to run it, text]` of each. @param session live, with its `connectUrl` */
export function snippets(session, server) {
  const url = `${server}/api/sessions/${session.sessionId}`;
  const cdp = JSON.stringify(session.connectUrl);
  return [
    ["curl", "With your key in the environment: export BERTH_API_KEY=…", `curl -X POST ${quote(`${url}/navigate`)} \\
  -H "Authorization: Bearer ${KEY}" -H 'Content-Type: application/json' \\
  -d '{"url": "https://example.com"}'
curl -X POST ${quote(`${url}/snapshot`)} -H "Authorization: Bearer ${KEY}"`],
    ["Puppeteer", "Run npm install puppeteer-core, save this as berth.mjs, and run node berth.mjs", `import puppeteer from "puppeteer-core";

const browser = await puppeteer.connect({ browserWSEndpoint: ${cdp}, defaultViewport: null });
const [page] = await browser.pages();
await page.goto("https://example.com");
console.log(await page.title());
await browser.disconnect();`],
    ["Playwright, JavaScript", "npm install playwright-core, save as berth.mjs, node berth.mjs", `import { chromium } from "playwright-core";

const browser = await chromium.connectOverCDP(${cdp});
const page = browser.contexts()[0].pages()[0];
await page.goto("https://example.com");
console.log(await page.title());
await browser.close();`],
    ["Playwright, Python", "pip install playwright, save as berth.py, python berth.py", `from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.connect_over_cdp(${cdp})
    page = browser.contexts[0].pages[0]
    page.goto("https://example.com")
    print(page.title())
    browser.close()`],
    ["Playwright, Java", "With com.microsoft.playwright:playwright on the class path", `import com.microsoft.playwright.*;

public class Example {
  public static void main(String[] args) {
    try (Playwright playwright = Playwright.create()) {
      Browser browser = playwright.chromium().connectOverCDP(${cdp});
      Page page = browser.contexts().get(0).pages().get(0);
      page.navigate("https://example.com");
      System.out.println(page.title());
    }
  }
}`],
    ["MCP", `For clients of the Model Context Protocol. Say to the agent: work in the session ${session.sessionId}`, mcp(server)],
  ];
}

function mcp(server) {
  const berth = { type: "http", url: `${server}/mcp`, headers: { Authorization: "Bearer YOUR_BERTH_API_KEY" } };
  return JSON.stringify({ mcpServers: { berth } }, null, 2);
}

class Connect extends View {
  static properties = { chosen: { state: true } };

  render() {
    const { session } = this.model;
    if (!session.connectUrl) {
      return html`<div class="state empty"><h2>${this.model.live ? "Starting Chrome" : "The session has ended"}</h2>
        <p>${this.model.live ? "Starting. You can control the session in a moment." : "You can only control running sessions. Read what this one left through the API:"}</p>
        ${this.model.live ? nothing : html`<pre tabindex="0">${this.reading()}</pre>${copyButton(this.reading())}`}</div>`;
    }
    const all = snippets(session, SERVER);
    const [name, how, text] = all[this.chosen ?? 0];
    return html`<div class="choices" role="group" aria-label="Language">${all.map(([each], place) => html`<button type="button" class="quiet"
      aria-pressed=${place === (this.chosen ?? 0)} @click=${() => (this.chosen = place)}>${each}</button>`)}</div>
      <p class="muted">${how}</p><pre tabindex="0" aria-label=${name}>${text}</pre>
      <p>${copyButton(text)} <span class="muted">Connects to this session. The URL contains a token: anyone who has it can control the session.</span></p>`;
  }

  reading() {
    return `curl ${quote(`${SERVER}${this.model.path}/actions`)} -H "Authorization: Bearer ${KEY}"`;
  }
}
customElements.define("berth-connect", Connect);
