/** One of the measurements that `npm run bench` can make. */
export interface Bench {
  /** What it measures and the options it takes, in a few lines. */
  readonly usage: string
  /** Measures, prints, and resolves with whether all targets were met; rejects when it cannot measure at all. */
  run(args: readonly string[]): Promise<boolean>
}
