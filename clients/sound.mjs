// What a caller sends, in µ-law: 300 ms that are loud, and 700 ms of silence.

const frame = 160; // bytes, 20 ms

/** turn has the frames of one turn of the user's. */
export function turn() {
  const loud = Buffer.alloc(frame, 0x90); // a steady level; only its size counts
  const quiet = Buffer.alloc(frame, 0xff);
  return [...Array(15).fill(loud), ...Array(35).fill(quiet)];
}

/** giveUp ends the program if it takes too long. */
export function giveUp(seconds) {
  setTimeout(() => {
    console.error(`not done after ${seconds} s`);
    process.exit(1);
  }, seconds * 1000).unref();
}
