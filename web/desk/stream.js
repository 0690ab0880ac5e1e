// The agents' event stream: what happens in the queue and in one's own conversations, now.

const LONGEST_PAUSE_MS = 10_000;
const SILENCE_MS = 45_000; // three pings of the server

/** `handlers`: onOpen(), onEvent(event), onWaiting(count), onOffer(offer), onDuty(duty), onTyping(typing), onPing(), onState(connected). */
export class Stream {
  constructor(handlers) {
    this.handlers = handlers;
    this.attempts = 0;
    this.watchdog = setInterval(() => this.heard && Date.now() - this.heard > SILENCE_MS && this.again(), 5_000);
    this.connect();
  }

  connect() {
    this.source = new EventSource("/v1/desk/events");
    const on = (name, act) =>
      this.source.addEventListener(name, (message) => {
        this.heard = Date.now();
        act(JSON.parse(message.data || "{}"));
      });
    this.source.onopen = () => {
      this.attempts = 0;
      this.heard = Date.now();
      this.handlers.onState(true);
      this.handlers.onOpen();
    };
    // Our own clock instead of the browser's, which gives up for good after a refusal.
    this.source.onerror = () => this.again();
    on("conversation", this.handlers.onEvent);
    on("waiting", ({ count }) => this.handlers.onWaiting(count));
    on("offer", this.handlers.onOffer);
    on("duty", this.handlers.onDuty);
    on("typing", this.handlers.onTyping);
    on("ping", this.handlers.onPing);
  }

  again() {
    this.source.close();
    this.heard = 0;
    this.handlers.onState(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.attempts++));
  }

  /** Do not wait for the end of the pause: the network is back. */
  now() {
    if (this.heard) return;
    clearTimeout(this.timer);
    this.source.close();
    this.attempts = 0;
    this.connect();
  }

  close() {
    clearTimeout(this.timer);
    clearInterval(this.watchdog);
    this.source.close();
  }
}
