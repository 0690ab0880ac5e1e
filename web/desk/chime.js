// A short, soft two-tone sound, made here so that there is no file to load.

const TONES = [
  [880, 0],
  [1174.7, 0.13],
];
let context = null;

export function chime() {
  try {
    context ??= new AudioContext();
    context.resume();
    for (const [frequency, delay] of TONES) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const start = context.currentTime + delay;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.4);
    }
  } catch {
    // No sound device: the title and the list tell it too.
  }
}
