// The first 32 bits of SHA-256 (FIPS 180-4) of a text of at most 55 ASCII letters: one block, and
// no need for a secure context or a promise for each of many thousand tries.
const START = [], ROUND = [], words = new Int32Array(64);
const fraction = (number) => ((number - Math.floor(number)) * 2 ** 32) | 0;
for (let prime = 2; ROUND.length < 64; prime += 1) {
  let divisor = 2;
  while (prime % divisor) divisor += 1;
  if (divisor < prime) continue;
  if (START.length < 8) START.push(fraction(Math.sqrt(prime)));
  ROUND.push(fraction(Math.cbrt(prime)));
}
const turn = (word, by) => (word >>> by) | (word << (32 - by));

export function digest(text) {
  words.fill(0);
  for (let at = 0; at <= text.length; at += 1) {
    words[at >> 2] |= (at < text.length ? text.charCodeAt(at) : 128) << (24 - 8 * (at % 4));
  }
  words[15] = text.length * 8;
  let a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7];
  for (let at = 0; at < 64; at += 1) {
    if (at > 15) {
      const x = words[at - 15], y = words[at - 2];
      words[at] = words[at - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + words[at - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[at] + words[at]) | 0;
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  return (a + START[0]) | 0;
}
