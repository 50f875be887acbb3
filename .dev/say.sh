# How the commands talk: one line a step, errors with what to do next.

say() { printf '%s\n' "$*"; }

step() { printf '• %s\n' "$*"; }

warn() { printf '! %s\n' "$*" >&2; }

# fail MESSAGE [WHAT TO DO NEXT]
fail() {
  printf 'dev: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '     %s\n' "$2" >&2
  exit 1
}

# quietly LOG COMMAND...: runs the command with its output in LOG; shows the end of it on failure.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    return 1
  fi
}
