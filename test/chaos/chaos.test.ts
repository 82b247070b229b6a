import { expect, it } from 'vitest'
import { describePostgres } from '../sharing/cluster.js'
import { runChaos } from './chaos.js'

describePostgres('three servers, killed, stopped and cut off at any moment', () => {
  it('say nothing untrue and forget nothing', { timeout: 240_000 }, async () => {
    const happened: string[] = []
    const say = (line: string) => void happened.push(line)
    const { untrue, forgotten, answers, throttledShare } = await runChaos({
      seed: 53,
      hostCount: 40,
      seconds: 30,
      say,
    })
    expect({ untrue, forgotten }, happened.join('\n')).toEqual({ untrue: [], forgotten: [] })
    expect(answers.get('good'), happened.join('\n')).toBeGreaterThan(40)
    expect(throttledShare).toBeLessThan(0.05)
  })
})
