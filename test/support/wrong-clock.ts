/** Variables that load this before the server: its wall clock is wrong by `startMs`, and then by each of `jumpsMs` at a SIGUSR2. */
export function wrongClock(startMs: number, ...jumpsMs: number[]): { NODE_OPTIONS: string } {
  const source = `
    const jumps = ${JSON.stringify(jumpsMs)}
    const RightDate = Date
    let shift = ${startMs}
    globalThis.Date = class extends RightDate {
      constructor(...given) { given.length > 0 ? super(...given) : super(RightDate.now() + shift) }
      static now() { return RightDate.now() + shift }
    }
    process.on('SIGUSR2', () => { shift = jumps.shift() ?? 0; console.log(JSON.stringify({ msg: 'jump to ' + shift })) })`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` }
}
