import type { CommandShape, Word } from './shape.js'

/** The shells for which there is a script. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** The completion script for `shell`: to be read by it at its start. */
export function completionScript(shell: (typeof shells)[number], commands: readonly CommandShape[]): string {
  return { bash, zsh, fish }[shell](commands)
}

/** For bash: `-o default` completes the names of files where no word fits. */
function bash(commands: readonly CommandShape[]): string {
  const afterFlag = commands.flatMap(({ text, valueFlags }) =>
    valueFlags.map(({ flag, values }) => `    ${text}:${flag}) choices=${quoted(values.join(' '))} ;;\n`),
  )
  const within = commands.map(
    ({ text, flags, values }) =>
      `      ${text}) choices=${quoted([...values, ...texts(flags)].join(' '))} ;;\n`,
  )
  return `# dyndns53 for bash. In ~/.bashrc: source <(dyndns53 completion bash)
_dyndns53() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} choices=
  if ((COMP_CWORD == 1)); then
    choices=${quoted([...texts(commands), '--help', '--version'].join(' '))}
  else case \${COMP_WORDS[1]}:$before in
${afterFlag.join('')}    *) case \${COMP_WORDS[1]} in
${within.join('')}    esac ;;
  esac fi
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -o default -F _dyndns53 dyndns53
`
}

/** For zsh: read at its start, or as the file `_dyndns53` in a folder of fpath. */
function zsh(commands: readonly CommandShape[]): string {
  const afterFlag = commands.flatMap(({ text, valueFlags }) =>
    valueFlags.map(({ flag, values }) =>
      values.length > 0
        ? `    (${text}:${flag}) compadd -- ${values.map(quoted).join(' ')}; return ;;\n`
        : `    (${text}:${flag}) _files; return ;;\n`,
    ),
  )
  const within = commands.map(({ text, flags, values, takesFile }) => {
    const words = [...flags.map(described), ...values.map(quoted)].join(' ')
    return `    (${text}) choices=(${words})${takesFile ? '; _files' : ''} ;;\n`
  })
  return `#compdef dyndns53
# dyndns53 for zsh. In ~/.zshrc, after compinit: source <(dyndns53 completion zsh)
_dyndns53() {
  local -a choices
  if ((CURRENT == 2)); then
    choices=(${commands.map(described).join(' ')} --help --version)
    _describe command choices
    return
  fi
  case $words[2]:$words[CURRENT-1] in
${afterFlag.join('')}  esac
  case $words[2] in
${within.join('')}  esac
  _describe choice choices
}
if [ "$funcstack[1]" = _dyndns53 ]; then _dyndns53 "$@"; else compdef _dyndns53 dyndns53; fi
`
}

/** For fish: read at its start, or as the file dyndns53.fish in its folder of completions. */
function fish(commands: readonly CommandShape[]): string {
  const lines = commands.flatMap(({ text, meaning, flags, valueFlags, values, takesFile }) => {
    const here = `complete -c dyndns53 -n ${quoted(`__fish_seen_subcommand_from ${text}`)}`
    return [
      `complete -c dyndns53 -n __fish_use_subcommand -a ${text} -d ${quoted(meaning)}`,
      ...flags.map((flag) => {
        const known = valueFlags.find((valueFlag) => valueFlag.flag === flag.text)
        const value = known
          ? ` -r${known.values.length > 0 ? ` -f -a ${quoted(known.values.join(' '))}` : ''}`
          : ''
        return `${here} ${fishFlag(flag.text)}${value} -d ${quoted(flag.meaning)}`
      }),
      ...(values.length > 0 ? [`${here} -a ${quoted(values.join(' '))}`] : []),
      ...(takesFile ? [`${here} -F`] : []),
    ]
  })
  return `# dyndns53 for fish. In ~/.config/fish/config.fish: dyndns53 completion fish | source
complete -c dyndns53 -f
complete -c dyndns53 -n __fish_use_subcommand -l help -l version
${lines.join('\n')}
`
}

function fishFlag(flag: string): string {
  return flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`
}

function texts(words: readonly Word[]): string[] {
  return words.map(({ text }) => text)
}

/** As zsh's _describe takes it: the word, a colon and what it means. */
function described({ text, meaning }: Word): string {
  return quoted(`${text.replaceAll(':', '\\:')}:${meaning}`)
}

/** One word of each of the shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
