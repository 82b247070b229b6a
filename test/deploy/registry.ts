import { spawnSync } from 'node:child_process'
import { projectFolder } from './shell.js'

/** Whether npm's registry answers, the one that is set on this machine. */
export const hasRegistry =
  spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=10000'], { cwd: projectFolder }).status ===
  0

/** What a test that is left out for want of the registry says. */
export const unlessRegistry = hasRegistry ? '' : ' (not run: npm reaches no registry)'

/** The settings with which npm, in any home, asks this machine's registry, and that only for what its cache has not. */
export const npmSettings = {
  npm_config_cache: settingOf('cache'),
  npm_config_registry: settingOf('registry'),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
} as const

function settingOf(name: string): string {
  return spawnSync('npm', ['config', 'get', name], { cwd: projectFolder, encoding: 'utf8' }).stdout.trim()
}
