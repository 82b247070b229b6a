import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasProgram, projectFolder, runLine } from './shell.js'

const file = join(projectFolder, 'deploy/dyndns53.service')
const unit = readFileSync(file, 'utf8')

describe('deploy/dyndns53.service', () => {
  it.each([
    'DynamicUser=yes',
    'ProtectSystem=strict',
    'NoNewPrivileges=yes',
    'EnvironmentFile=/etc/dyndns53.env',
    'TimeoutStopSec=30',
  ])('has %s', (line) => {
    expect(unit.split('\n')).toContain(line)
  })

  it('starts the server of the installed package from its working directory', () => {
    const { name, bin } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    expect(unit).toContain(`ExecStart=/usr/bin/env node node_modules/${name}/dist/server.js\n`)
    expect(bin).toEqual({ dyndns53: 'dist/cli.js' })
    const docs = readFileSync(join(projectFolder, 'docs/deploy-elsewhere.md'), 'utf8')
    const folder = /^WorkingDirectory=(.+)$/m.exec(unit)?.[1]
    expect(docs).toContain(`npm install --prefix ${folder} `)
    expect(docs).toContain('/etc/dyndns53.env')
  })
})

const hasSystemd = hasProgram('systemd-analyze')

describe.skipIf(!hasSystemd)(`systemd-analyze${hasSystemd ? '' : ' (not run: no systemd here)'}`, () => {
  it('finds nothing wrong with the unit', async () => {
    const { status, printed } = await runLine(`systemd-analyze verify '${file}'`, projectFolder)
    expect({ status, printed }).toEqual({ status: 0, printed: '' })
  })

  it('finds it hardened', async () => {
    const { printed } = await runLine(`systemd-analyze security --offline=true '${file}'`, projectFolder)
    const [, exposure] = /Overall exposure level for dyndns53\.service: ([\d.]+)/.exec(printed) ?? []
    expect({ exposure: Number(exposure), isLow: Number(exposure) < 2 }).toMatchObject({ isLow: true })
  })
})
