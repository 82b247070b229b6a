import { join } from 'node:path'
import { projectDirectory } from './process.js'
import { home, type World } from './world.js'

/** What to try while the world stands: lines that work when pasted into another terminal. */
export function guide({ url, dnsPort, environment, directory }: World): string {
  const login = `${home.host}:${home.token}`
  const curl = `curl -w '\\n'`
  const file = quote(join(directory, 'hosts.csv'))
  const cli = quote(join(projectDirectory, 'dist', 'cli.js'))
  const variables = Object.entries(environment).map(([name, value]) => `    ${name}=${value} \\`)
  return `
dyndns53 is running, with S3, Route 53 and the DNS emulated on this machine. Open it in a browser:
  ${url}/
and sign in with the host name ${home.host} and the token ${home.token}

In another terminal:

Ask for your address, register it, and register one as if you called from elsewhere:
  ${curl} ${url}/check_ip
  ${curl} -u ${login} ${url}/register_ip
  ${curl} -u ${login} -H 'X-Forwarded-For: 203.0.113.7' ${url}/register_ip

See where the name points to:
  dig @127.0.0.1 -p ${dnsPort} +short ${home.host}

Change who may register (the server takes it up at the first call):
  dyndns53() {
    env -i PATH="$PATH" HOME="$HOME" \\
${variables.join('\n')}
    node ${cli} "$@"
  }
  dyndns53 download-database ${file}
  echo 'office.example.net,a-token-of-its-own' >> ${file}
  dyndns53 upload-database ${file}
  ${curl} -u office.example.net:a-token-of-its-own ${url}/register_ip

The server's log, until Ctrl-C:
`
}

/** A path for the shell, whatever characters it holds. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`
}
