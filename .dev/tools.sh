# What the commands need from the machine, and how they get it.

# What each command needs from the distribution, as "program or library:package".
TOOLS_TO_RUN="node:nodejs npm:npm"
TOOLS_TO_TEST="sipp:sip-tester baresip:baresip-core /usr/sbin/kamailio:kamailio libsrtp2.so.1:libsrtp2-1 libopus.so.0:libopus0 chromium:chromium"
TOOLS_TO_LOAD="sipp:sip-tester /usr/sbin/kamailio:kamailio"
TOOLS_TO_BENCH="rtpengine:rtpengine-daemon"

# have PROGRAM, or a shared library by its file name.
have() {
  case $1 in
    *.so.*) PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -qF "$1 " ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

need_dotnet() {
  have dotnet || fail "the .NET SDK is missing." "Install .NET 10: https://learn.microsoft.com/dotnet/core/install/linux"
  case $(cd "$ROOT" && dotnet --version 2>/dev/null || true) in
    10.*) ;;
    *) fail "the .NET SDK found is not version 10 (see global.json)." "Install .NET 10: https://learn.microsoft.com/dotnet/core/install/linux" ;;
  esac
}

# install_packages WHY "program or library:package"...: installs what is missing where that is allowed; says so either way.
# Returns 1 when something stays missing.
install_packages() {
  local why=$1 pair missing=()
  shift
  for pair in "$@"; do have "${pair%%:*}" || missing+=("${pair##*:}"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! have apt-get; then
    warn "$why: ${missing[*]} missing, and this is no Debian. Install them with your package manager."
    return 1
  fi
  step "$why: installing ${missing[*]} from the distribution"
  if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$LOCAL/logs/apt.log" 2>&1; then
    warn "could not install ${missing[*]} (see .local/logs/apt.log). As root: apt-get install ${missing[*]}"
    return 1
  fi
}

need_node() {
  mkdir -p "$LOCAL/logs"
  # shellcheck disable=SC2086
  install_packages "Azurite needs Node.js" $TOOLS_TO_RUN || fail "Node.js is missing." "Install Node.js 20 or later with npm, then try again."
}

# need_node_project FOLDER: its packages, pinned with their hashes in its package-lock.json.
need_node_project() {
  need_node
  local folder=$ROOT/$1
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then return; fi
  step "installing the packages of $1 from npm"
  quietly "$LOCAL/logs/npm-$(basename "$1").log" npm --prefix "$folder" ci --no-audit --no-fund --ignore-scripts || fail "npm could not install the packages of $1." "See .local/logs/npm-$(basename "$1").log."
  cp "$folder/package-lock.json" "$folder/node_modules/.installed"
}

# Azurite and the like, pinned with their hashes in .dev/tools/package-lock.json.
need_tools() {
  need_node
  local want=$ROOT/.dev/tools got=$LOCAL/tools
  if cmp -s "$want/package-lock.json" "$got/.installed"; then return; fi
  step "installing Azurite from npm into .local/tools"
  mkdir -p "$got"
  cp "$want/package.json" "$want/package-lock.json" "$got/"
  quietly "$LOCAL/logs/npm.log" npm ci --prefix "$got" --no-audit --no-fund --ignore-scripts ||
    fail "npm could not install Azurite." "See .local/logs/npm.log."
  cp "$want/package-lock.json" "$got/.installed"
}

doctor() {
  local bad=0 pair
  check() { # NAME STATE HINT
    printf '  %-12s %s\n' "$1" "$2"
    [ -z "${3:-}" ] || { printf '  %-12s → %s\n' "" "$3"; bad=1; }
  }
  say "To build and run"
  if have dotnet; then check dotnet "$(dotnet --version)"; else check dotnet missing "https://learn.microsoft.com/dotnet/core/install/linux"; fi
  if have node; then check node "$(node --version)"; else check node missing "apt-get install nodejs npm"; fi
  if have npm; then check npm "$(npm --version 2>/dev/null)"; else check npm missing "apt-get install npm"; fi
  if [ -f "$LOCAL/tools/.installed" ]; then check azurite installed; else check azurite "not yet (./dev up installs it)"; fi
  if [ -d "$LOCAL/feed" ]; then check packages "from the local feed"; else check packages "from the configured sources"; fi
  say "To run every test (others are skipped, with the reason)"
  for pair in $TOOLS_TO_TEST; do
    if have "${pair%%:*}"; then check "${pair%%:*}" found; else check "${pair%%:*}" missing "apt-get install ${pair##*:}"; fi
  done
  say "To compare in benchmarks"
  for pair in $TOOLS_TO_BENCH $TOOLS_TO_LOAD; do
    if have "${pair%%:*}"; then check "${pair%%:*}" found; else check "${pair%%:*}" missing "apt-get install ${pair##*:}"; fi
  done
  say "Ports of ./dev up"
  local port
  for port in "$FUNCTIONS_PORT" "$WORKER_PORT" "$SIP_PORT" "$AZURITE_PORT"; do
    if port_in_use "$port"; then check "$port" "in use" "stop what uses it, or choose another (./dev help)"; else check "$port" free; fi
  done
  return $bad
}
