import { parseArgs } from 'node:util'
import { runChaos } from './chaos.js'

const options = {
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  hosts: { type: 'string', default: '300' },
  minutes: { type: 'string', default: '5' },
} as const
const { values } = parseArgs({ options })
const [seed, hostCount, minutes] = [values.seed, values.hosts, values.minutes].map(Number) as [
  number,
  number,
  number,
]
if (!Number.isInteger(seed) || !(hostCount >= 1 && hostCount <= 2000) || !(minutes > 0))
  throw new Error('npm run chaos -- --seed NUMBER --hosts 1..2000 --minutes NUMBER')

const startedMs = performance.now()
const say = (line: string) => console.log(`${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${line}`)
say(`seed ${seed}, hosts: ${hostCount}, minutes: ${minutes}`)
const { untrue, forgotten, throttledShare, answers } = await runChaos({
  seed,
  hostCount,
  seconds: minutes * 60,
  say,
})
for (const line of forgotten) say(`FORGOTTEN: ${line}`)
say(`answers: ${[...answers].map(([word, count]) => `${word} ${count}`).join(', ')}`)
say(
  `untrue: ${untrue.length}, forgotten: ${forgotten.length}, throttled: ${(throttledShare * 100).toFixed(1)} %`,
)
process.exitCode = untrue.length + forgotten.length > 0 || throttledShare > 0.05 ? 1 : 0
