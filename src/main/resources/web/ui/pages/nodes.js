/** The nodes of the cluster, for administrators: how full each is, and a way to empty the one that answers. */
import { html, nothing } from "lit";
import { get, post } from "../api.js";
import { ask } from "../dialogs.js";
import { Polled, say } from "../elements.js";
import { ago, count, dateTime, duration } from "../format.js";

const STATES = {
  alive: { text: "Alive", kind: "good", means: "Accepts sessions." },
  joining: { text: "Joining", kind: "warn", means: "Starting up. Does not accept sessions yet." },
  silent: { text: "Silent", kind: "warn", means: "No heartbeat for 10 s. Other nodes may declare it lost." },
  lost: { text: "Lost", kind: "bad", means: "Declared lost by another node, which ended its sessions." },
  stopped: { text: "Stopped", kind: "", means: "Shut down." },
};
const DRAINING = { text: "Draining", kind: "warn", means: "Accepts no new sessions. Stop it once it is empty." };

class Nodes extends Polled {
  static properties = { busy: { state: true } };
  period = 3000;

  ask(signal) {
    return get("/api/admin/nodes", {}, signal);
  }

  /** The request names the node: behind a load balancer another one may answer, and is to refuse. */
  async drain(node) {
    const { machineId } = node;
    if (!(await ask(`Drain ${machineId}?`, drainText(node), `Drain ${machineId}`))) {
      return;
    }
    this.busy = true;
    try {
      const { seconds, sessions } = await post("/api/admin/drain", { machineId });
      say(`${machineId} drains: its ${count(sessions, "session")} may go on for ${duration(seconds * 1000)}`);
      this.refresh();
    } catch (e) {
      say(`${machineId} does not drain: ${e.message} ${e.hint ?? ""}`, "bad");
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="page-head"><h1>Nodes</h1></div>
      ${this.shown("the nodes", ({ nodes }) => html`<ul class="nodes">${nodes.map((node) => this.node(node))}</ul>`)}`;
  }

  node(node) {
    const state = node.alive && node.draining ? DRAINING : (STATES[node.state] ?? { text: node.state, kind: "", means: "" });
    return html`<li class="node card" data-id=${node.machineId}>
      <div class="row spread"><h2>${node.machineId}${node.self ? html` <span class="muted">(this node)</span>` : nothing}</h2>
        <span class="badge ${state.kind}">${state.text}</span></div>
      <p class="muted">${state.means}</p>
      ${node.alive ? places(node) : nothing}
      <dl>${facts(node).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      ${node.self && node.alive && !node.draining
        ? html`<div><button type="button" class="danger" ?disabled=${this.busy} @click=${() => this.drain(node)}>Drain …</button></div>`
        : nothing}
    </li>`;
  }
}
customElements.define("berth-nodes", Nodes);

function drainText({ machineId, running, creating }) {
  return `${machineId} takes no new sessions until it restarts or you call POST /api/admin/undrain. Drain a node before you stop it.
    Its ${count(running + creating, "session")} can go on for the server's drain time, and are then ended.`;
}

/** The places as a bar: taken, being taken, free. */
function places({ capacity, running, creating, queued }) {
  const text = `${running} of ${capacity} places taken${creating ? `, ${creating} starting` : ""}${queued ? `, ${queued} waiting` : ""}`;
  return html`<div><svg class="places" role="img" aria-label=${text} viewBox="0 0 100 4" preserveAspectRatio="none">
      <rect class="free" width="100" height="4"></rect>
      <rect class="running" width=${share(running, capacity)} height="4"></rect>
      <rect class="creating" x=${share(running, capacity)} width=${share(creating, capacity)} height="4"></rect>
    </svg><p>${text}</p></div>`;
}

function share(part, whole) {
  return whole > 0 ? Math.min(100, (part / whole) * 100) : 0;
}

function facts(node) {
  const all = [
    ["Warm Chromes", node.alive ? node.warm : null],
    ["Chrome", node.chrome],
    ["Berth", node.version],
    ["Host", node.host],
    ["Heartbeat", node.heartbeatAgeMillis === undefined ? null : `${duration(node.heartbeatAgeMillis)} ago`],
    ["Joined", node.since ? dateTime(node.since) : null],
    ["Left", node.left ? ago(node.left) : null],
  ];
  return all.filter(([, value]) => value !== null && value !== undefined && value !== "");
}
