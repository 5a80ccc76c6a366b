// One socket: messages come as fast as they are drawn and no faster; a lost connection is made again.
const RETRY_MS = [500, 1000, 2000, 5000];

/** A frame that was overtaken gives its samples to the next, so the force trace has no hole. */
function keep(old, message) {
  for (const [side, foot] of Object.entries(message.feet)) {
    const before = old.feet[side];
    if (!before || old.stream !== message.stream) continue;
    foot.trace_s = before.trace_s.concat(foot.trace_s);
    foot.trace_force = before.trace_force.concat(foot.trace_force);
  }
}

export class Frames {
  /** `draw(message)` may take its time; `failed(error)` when it throws; `opened()` and `closed()`. */
  constructor({ draw, failed, opened, closed }) {
    Object.assign(this, { draw, failed, opened, closed });
    this.tries = 0;
    this.waiting = null; // the newest message not drawn yet
    this.drawing = false;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/api/v1/live/ws`);
    this.socket.addEventListener("open", () => { this.tries = 0; this.opened(); });
    this.socket.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      if (this.waiting?.kind === "frame" && message.kind === "frame") keep(this.waiting, message);
      this.waiting = message;
      requestAnimationFrame(() => this.next());
    });
    this.socket.addEventListener("close", () => {
      const pause = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)];
      this.waiting = null;
      this.closed();
      setTimeout(() => this.open(), pause);
    });
  }

  async next() {
    if (this.drawing || !this.waiting) return;
    this.drawing = true;
    const message = this.waiting;
    this.waiting = null;
    try {
      await this.draw(message);
    } catch (error) {
      this.failed(error);
    } finally {
      this.drawing = false;
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(String(message.n)); // the server may send more
      if (this.waiting) requestAnimationFrame(() => this.next());
    }
  }
}
