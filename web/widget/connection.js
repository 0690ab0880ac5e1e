// The widget's socket: connects, follows the log after the last number it has, and sends with acknowledgement.
import { io } from "socket.io-client";

const ACK_MS = 10_000;

/**
 * `handlers`: token(renew), position() -> {conversation, after}, onState(name), onEvent(event), onTyping(typing), onResumed(answer),
 * onLost() -> whether there is something else to follow.
 * States: "connecting", "online", "offline".
 */
export class Connection {
  constructor(server, handlers) {
    this.handlers = handlers;
    this.renew = false;
    this.refused = 0;
    this.socket = io(server, {
      path: "/socket.io",
      transports: ["websocket"],
      autoConnect: false,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      timeout: 8_000,
      auth: (give) => this.authorise(give),
    });
    this.socket.on("connect", () => this.connected());
    this.socket.on("disconnect", (reason) => this.disconnected(reason));
    this.socket.on("connect_error", () => this.failed());
    this.socket.on("event", handlers.onEvent);
    this.socket.on("typing", handlers.onTyping);
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
  }

  start() {
    if (this.started) return;
    this.started = true;
    this.handlers.onState("connecting");
    this.socket.connect();
  }

  get online() {
    return this.socket.connected && this.resumed;
  }

  async authorise(give) {
    try {
      give({ token: await this.handlers.token(this.renew) });
      this.renew = false;
    } catch {
      this.again();
    }
  }

  async connected() {
    this.refused = 0;
    await this.resume();
  }

  /** Ask for everything after the last number; until that is answered we do not count as online. */
  async resume() {
    try {
      const answer = await this.socket.timeout(ACK_MS).emitWithAck("resume", this.handlers.position());
      if (answer?.error) throw new Error(answer.error.code);
      this.resumed = true;
      this.handlers.onState("online");
      this.handlers.onResumed(answer || {});
    } catch (error) {
      if (error.message === "session_invalid") this.renew = true;
      if (error.message === "conversation_not_found" && this.handlers.onLost()) return this.resume();
      this.again();
    }
  }

  disconnected(reason) {
    this.resumed = false;
    this.handlers.onState("offline");
    if (reason === "io server disconnect") this.again();
  }

  failed() {
    this.handlers.onState("offline");
    if (this.socket.active) return; // the client tries again by itself
    this.renew = true; // the server answered and refused us
    this.again();
  }

  // One attempt later, by our own clock, where socket.io would not try again.
  again() {
    this.resumed = false;
    this.handlers.onState("offline");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.socket.disconnect().connect(), Math.min(15_000, 1_000 * 2 ** this.refused++));
  }

  hurry() {
    if (this.started && !this.socket.connected) {
      this.refused = 0;
      clearTimeout(this.timer);
      this.socket.disconnect().connect();
    }
  }

  /** The server's answer, {conversation, seq, duplicate} or {error: {code}}. Raises when none came. */
  send(message) {
    return this.socket.timeout(ACK_MS).emitWithAck("message", message);
  }

  typing() {
    if (this.online) this.socket.volatile.emit("typing", {});
  }
}
