import type { DatabaseConfig } from '../../config/config.js'
import { readHostRows } from '../../hosts/csv.js'
import { type HostDatabase, parseDatabase } from '../../hosts/database.js'
import type { StoredDatabase } from '../../hosts/store.js'
import { guessableBelow } from '../../hosts/token.js'
import { count, firstFew } from '../lists.js'
import { type CallResult, verdictOn } from './aws-calls.js'
import { type Finding, failed, findings, ok, type Verdict, warning } from './finding.js'

/** Whether the database can be read, and what it means that it cannot. */
export function checkBucket(read: CallResult<StoredDatabase>, { bucket, key }: DatabaseConfig): Verdict {
  const place = `s3://${bucket}/${key}`
  if ('value' in read) {
    return ok(`the host database ${place} can be read (${count(read.value.bytes.length, 'byte')})`)
  }
  switch (read.failure.code) {
    case 'AccessDenied': {
      // Not about the object, but about the key that encrypts it.
      if (/\bkms:/.test(read.failure.message)) return verdictOn(read.failure)
      const meaning =
        'the key may not read the object (s3:GetObject), or there is none and the key may not know that (s3:ListBucket on the bucket turns this into a 404)'
      const advice =
        'check DYNDNS_BUCKET and DYNDNS_DATABASE, then the policy of the key, which dyndns53 iam-policy prints'
      return failed(`S3 denies access to ${place} (403): ${meaning}: ${advice}`)
    }
    case 'NoSuchKey': {
      const meaning = 'the bucket is there and the key may look into it, but it holds no object of that name'
      const advice = 'check DYNDNS_DATABASE, or make the object with dyndns53 upload-database or add-host'
      return failed(`there is no ${place} (404): ${meaning}: ${advice}`)
    }
    default:
      return verdictOn(read.failure)
  }
}

/** What is wrong with lines of the database. */
export function checkRows(bytes: Uint8Array): { found: Finding[]; database: HostDatabase } {
  const { database, problems, warnings } = parseDatabase(bytes)
  const short = shortTokens(bytes)
  const guessable = `tokens of fewer than ${guessableBelow} characters can be guessed: dyndns53 rotate-token HOST makes a better one`
  const verdicts = [
    database.size > 0
      ? ok(`${count(database.size, 'host')} may register`)
      : failed('no line is a valid hostname,token: dyndns53 add-host HOST adds one'),
    ...problems.map(({ line, reason }) => failed(`line ${line} is left out: ${reason}`)),
    ...(short.length > 0 ? [warning(`${firstFew(short)}: ${guessable}`)] : []),
    ...warnings.map(({ line, reason }) => warning(`line ${line}: ${reason}`)),
  ]
  return { database, found: findings('rows', verdicts, 'line') }
}

function shortTokens(bytes: Uint8Array): string[] {
  const names = new Set<string>()
  for (const row of readHostRows(bytes)) {
    if ('reason' in row || row.token.kind === 'hashed') continue
    if (row.token.token.length < guessableBelow) names.add(row.name)
  }
  return [...names]
}
