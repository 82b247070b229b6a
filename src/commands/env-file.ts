import { parseEnv } from 'node:util'
import type { EnvFile } from './context.js'
import { readLocalFile } from './database/local-file.js'

/**
 * Puts what `file` sets into `env`, where that has nothing or an empty value: in lines of NAME=VALUE, as `node --env-file`
 * reads them. Throws a CommandError for a file that cannot be read.
 */
export async function loadEnvFile(file: string, env: NodeJS.ProcessEnv): Promise<EnvFile> {
  const names = new Set<string>()
  const overruled: string[] = []
  for (const [name, value = ''] of Object.entries(parseEnv((await readLocalFile(file)).toString()))) {
    if (value === '') continue
    if (!env[name]) {
      env[name] = value
      names.add(name)
    } else if (env[name] !== value) overruled.push(name)
  }
  return { file, names, overruled }
}
