/** Shells that `troupe completion` knows. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell must be told once; every completion is asked of `troupe __complete`, which knows what runs now. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# troupe completion bash > ~/.local/share/bash-completion/completions/troupe
_troupe() {
  local IFS=$'\\n'
  COMPREPLY=( $(troupe __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) )
}
complete -o default -F _troupe troupe
`,
  zsh: `#compdef troupe
# troupe completion zsh > "\${fpath[1]}/_troupe"
_troupe() {
  local -a found
  found=("\${(@f)$(troupe __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
}
if [[ "$funcstack[1]" = _troupe ]]; then _troupe "$@"; else compdef _troupe troupe; fi
`,
  fish: `# troupe completion fish > ~/.config/fish/completions/troupe.fish
complete -c troupe -a '(troupe __complete -- (commandline -opc)[2..] (commandline -ct))'
`,
};
