import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { npmSettings } from './registry.js'
import { projectFiles, projectFolder, runLine } from './shell.js'

/** A folder that stands in for the root of an image, and what the image is set to run. */
export interface Image {
  /** The folder in which its root lies. */
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  /** Within the root, as an absolute path of the image. */
  readonly workdir: string
  readonly user: string
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
}

type Step = readonly [instruction: string, text: string]

interface Building {
  readonly root: string
  readonly base: string
  env: Record<string, string>
  workdir: string
  user: string
  command: string[]
  healthcheck: string[]
}

/** The instructions of the Dockerfile in order, lines that go on taken together and comments left out. */
export function readSteps(): Step[] {
  const text = readFileSync(join(projectFolder, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ')
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, instruction = '', rest = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? []
      return [instruction, rest] as const
    })
}

/**
 * Plays the steps of the Dockerfile in folders below `folder`, one for each image, with the programs of this machine in
 * place of the base image. A path that begins with / is taken from the root of its image. Throws an Error for a step that
 * fails, that is not known here, or that copies what .dockerignore holds back.
 */
export async function playDockerfile(folder: string, steps: readonly Step[] = readSteps()): Promise<Image> {
  const images = new Map<string, Building>()
  let image: Building | undefined
  for (const [instruction, text] of steps) {
    if (instruction === 'FROM') {
      const [base = '', , name = String(images.size)] = text.split(' ')
      image = await startImage(join(folder, name), base)
      images.set(name, image)
    } else {
      if (!image) throw new Error(`${instruction} stands before the first FROM`)
      await play(image, instruction, text, images)
    }
  }
  if (!image) throw new Error('the Dockerfile has no FROM')
  return image
}

async function startImage(root: string, base: string): Promise<Building> {
  if (base !== 'node:24-slim') throw new Error(`${base} is not the base image`)
  await mkdir(join(root, 'usr/local/bin'), { recursive: true })
  return { root, base, env: {}, workdir: '/', user: 'root', command: [], healthcheck: [] }
}

async function play(
  image: Building,
  instruction: string,
  text: string,
  images: ReadonlyMap<string, Building>,
): Promise<void> {
  switch (instruction) {
    case 'WORKDIR':
      image.workdir = posix.resolve(image.workdir, text)
      await mkdir(join(image.root, image.workdir), { recursive: true })
      return
    case 'ENV':
      for (const word of text.split(' ')) {
        const [name = '', value = ''] = word.split('=')
        image.env[name] = value
      }
      return
    case 'COPY':
      return copy(image, text.split(' '), images)
    case 'RUN':
      return run(image, text)
    case 'USER':
      image.user = text
      return
    case 'EXPOSE':
      return
    case 'HEALTHCHECK':
      image.healthcheck = JSON.parse(text.slice(text.indexOf('CMD ') + 'CMD '.length))
      return
    case 'CMD':
      image.command = JSON.parse(text)
      return
    default:
      throw new Error(`${instruction} is not known here`)
  }
}

async function copy(image: Building, words: string[], images: ReadonlyMap<string, Building>): Promise<void> {
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined
  const destination = words.pop() ?? ''
  const target = join(image.root, posix.resolve(image.workdir, destination))
  for (const source of words) {
    // As in Docker, what lies in a folder is copied, and not the folder.
    if (from !== undefined) await cp(join(images.get(from)?.root ?? '', source), target, { recursive: true })
    else await copyFromContext(source, target, destination.endsWith('/'))
  }
}

async function copyFromContext(source: string, target: string, isIntoFolder: boolean): Promise<void> {
  const within = contextFiles().filter((file) => file === source || file.startsWith(`${source}/`))
  if (within.length === 0) throw new Error(`COPY ${source}: not in the context, see .dockerignore`)
  const isFolder = (await stat(join(projectFolder, source))).isDirectory()
  for (const file of within) {
    const name = isFolder ? file.slice(source.length + 1) : isIntoFolder ? basename(file) : ''
    await cp(join(projectFolder, file), join(target, name))
  }
}

/** What Docker would send to the build: .dockerignore holds back everything but what it names with a `!`. */
export function contextFiles(): string[] {
  const lines = readFileSync(join(projectFolder, '.dockerignore'), 'utf8').split('\n')
  const [all, ...kept] = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (all !== '*' || !kept.every((line) => line.startsWith('!')))
    throw new Error('.dockerignore is no list of what is let through')
  const paths = kept.map((line) => line.slice(1))
  const isKept = (file: string) => paths.some((path) => file === path || file.startsWith(`${path}/`))
  return projectFiles().filter((file) => isKept(file) && existsSync(join(projectFolder, file)))
}

async function run(image: Building, line: string): Promise<void> {
  const inImage = line.replaceAll(/(?<= )\/(?=\w)/g, `${image.root}/`)
  const { status, printed } = await runLine(inImage, join(image.root, image.workdir), {
    ...npmSettings,
    ...image.env,
  })
  if (status !== 0) throw new Error(`RUN ${line}: exit status ${status}\n${printed}`)
}
