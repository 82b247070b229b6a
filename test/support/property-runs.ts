/**
 * How many cases a property is tried with: `usual`, or PROPERTY_RUNS for all properties alike, to look for what a run of all
 * tests has no time to find.
 */
export function propertyRuns(usual: number): number {
  return Number(process.env['PROPERTY_RUNS'] ?? usual)
}
