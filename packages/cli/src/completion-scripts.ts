// Shells ask `entrepot __complete WORD …`; the last word is the one being written. Each line of the answer is a word, a
// tab, and what it means.

const bash = `# entrepot completion bash > /etc/bash_completion.d/entrepot, or: source <(entrepot completion bash)
_entrepot() {
  local word
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    COMPREPLY+=("$word")
  done < <(entrepot __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _entrepot entrepot
`

const zsh = `#compdef entrepot
# entrepot completion zsh > "\${fpath[1]}/_entrepot", or: source <(entrepot completion zsh)
_entrepot() {
  local -a found
  local word meaning
  while IFS=$'\\t' read -r word meaning; do
    found+=("\${word//:/\\\\:}:\${meaning}")
  done < <(entrepot __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe entrepot found
  else
    _files
  fi
}
compdef _entrepot entrepot
`

const fish = `# entrepot completion fish > ~/.config/fish/completions/entrepot.fish
function __entrepot_complete
    set -l words (commandline -opc)
    entrepot __complete $words[2..] (commandline -ct) 2>/dev/null
end
complete -c entrepot -f -a '(__entrepot_complete)'
`

export const scripts: Readonly<Record<string, string>> = { bash, zsh, fish }
