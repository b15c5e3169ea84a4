import { execFileSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { NO_TERMINAL, Terminal, TROUPE } from "./terminal.ts";

/** How each shell is started without its user's files, and told of the completions. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  bash: ["env PS1='% ' bash --norc", "source <(troupe completion bash)"],
  zsh: [
    "env PS1='%# ' zsh -f",
    "autoload -U compinit; compinit -u -D; source <(troupe completion zsh)",
  ],
  fish: [
    "fish --no-config --private",
    "function fish_prompt; echo '% '; end; troupe completion fish | source",
  ],
};

for (const [shell, [start = "", setUp = ""]] of Object.entries(SHELLS)) {
  const skip = NO_TERMINAL ||
    (!hasProgram(shell) && `there is no ${shell}: apt-get install ${shell}`);
  test(`${shell} completes commands, options and peers of troupe`, { skip }, async () => {
    await using terminal = await Terminal.open();
    const script = await terminal.dir.write("bin/troupe", `#!/bin/sh\nexec ${TROUPE} "$@"\n`);
    await chmod(script, 0o755);
    await terminal.type(`PATH='${join(terminal.dir.path, "bin")}':$PATH; export PATH`);
    await terminal.type("troupe up --detach -n 3 --name brisk-otter -q");
    await terminal.see(/brisk-otter runs in the background/);
    await terminal.type(start);
    await terminal.type(setUp);
    await terminal.type("clear");
    await terminal.see(/[%#]$/);

    await terminal.write("troupe cra");
    await terminal.press("Tab");
    await terminal.see(/troupe crash$/m);
    await terminal.write("--hol");
    await terminal.press("Tab");
    await terminal.see(/troupe crash --hold/);
    await terminal.press("C-u");
    await terminal.write("troupe status br");
    await terminal.press("Tab");
    await terminal.see(/troupe status brisk-otter/);
    await terminal.press("C-u");
    await terminal.write("troupe crash peer-");
    await terminal.press("Tab");
    await terminal.press("Tab");
    await terminal.see(/peer-1 +peer-2 +peer-3/);
  });
}

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
