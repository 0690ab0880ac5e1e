// Who is signed in, whether they are here, and the connection to the doors.
import { api } from "./api.js";
import { keep, kept } from "./kept.js";
import { nobody } from "./state.js";
import { Stream } from "./stream.js";

const HEARTBEAT_MS = 20_000;
const DUTY_MS = 60_000;
const TROUBLE_MS = 1_500;
const START_AGAIN_MS = 2_000;

export class Session {
  constructor(desk) {
    this.desk = desk;
    window.addEventListener("offline", () => desk.set({ offline: true }));
    window.addEventListener("online", () => {
      desk.set({ offline: false });
      this.stream?.now();
    });
  }

  async start() {
    let me;
    try {
      me = await api.me();
    } catch (refusal) {
      if (refusal.status !== 401) return void setTimeout(() => this.start(), START_AGAIN_MS);
      return this.desk.set({ me: null });
    }
    // Nobody sees what another agent had on this screen.
    this.desk.set(this.name === me.name ? { me } : { ...nobody(), me });
    this.name = me.name;
    this.desk.writing.load(me.name);
    this.follow();
  }

  async signIn(name, password) {
    await api.signIn(name, password);
    keep("present", true);
    await this.start();
  }

  async signOut() {
    this.stopFollowing();
    await api.signOut().catch(() => {});
    location.hash = "";
    this.desk.set({ ...nobody(), me: null });
    this.desk.writing.clear();
  }

  follow() {
    this.stopFollowing();
    const { desk } = this;
    const { me } = desk.state;
    // An editor's account serves nobody: it has no queue and no stream.
    if (me.rights && !me.rights.includes("conversations.serve")) return;
    this.stream = new Stream({
      onOpen: () => desk.refreshAll(),
      onEvent: (event) => desk.event(event),
      onWaiting: () => desk.queue.refresh(),
      onOffer: (offer) => desk.queue.offered(offer),
      onDuty: (duty) => desk.state.me && desk.set({ me: { ...desk.state.me, duty } }),
      onTyping: (typing) => desk.customerTypes(typing.conversation),
      onPing: () => this.beat(),
      onState: (connected) => this.connection(connected),
    });
    this.timers = [setInterval(() => this.beat(), HEARTBEAT_MS), setInterval(() => this.refreshMe(), DUTY_MS)];
    this.setPresence(kept("present", me.available));
    const asked = decodeURIComponent(location.hash.slice(1));
    if (/^c\d{1,2}-\w+$/.test(asked)) desk.talks.select(asked);
    desk.frame.start();
  }

  stopFollowing() {
    this.stream?.close();
    this.stream = null;
    (this.timers || []).forEach(clearInterval);
  }

  connection(connected) {
    this.desk.set({ connected });
    clearTimeout(this.troubleTimer);
    if (connected) this.desk.set({ troubled: false });
    else {
      this.troubleTimer = setTimeout(() => this.desk.set({ troubled: true }), TROUBLE_MS);
      this.refreshMe();
    }
  }

  async setPresence(available) {
    keep("present", available);
    this.desk.set({ me: { ...this.desk.state.me, available } });
    this.beaten = 0;
    await this.beat();
    this.refreshMe();
  }

  /** Say that we are here; browsers slow a hidden page's clock down, so the server's pings call this too. */
  async beat() {
    const { me } = this.desk.state;
    if (!me || Date.now() - (this.beaten || 0) < HEARTBEAT_MS / 2) return;
    this.beaten = Date.now();
    await api.presence(me.available).catch((refusal) => this.ended(refusal));
  }

  async refreshMe() {
    try {
      const me = await api.me();
      const { state } = this.desk;
      if (state.me) this.desk.set({ me: { ...me, available: state.me.available } });
    } catch (refusal) {
      this.ended(refusal);
    }
  }

  /** Whether the refusal says that the session is over; then the sign-in is shown, and drafts wait for the same agent. */
  ended(refusal) {
    if (refusal.status !== 401 || !this.desk.state.me) return false;
    this.stopFollowing();
    this.desk.set({ me: null });
    return true;
  }
}
