# `dev up`: Azurite, script runner, functions, worker and a page with buttons as processes of this machine.

FUNCTIONS_PORT=${CTD_FUNCTIONS_PORT:-7071}
WORKER_PORT=${CTD_WORKER_PORT:-8080}
SIP_PORT=${CTD_SIP_PORT:-5060}
AZURITE_PORT=${CTD_AZURITE_PORT:-10000}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

suite_up() {
  local option
  for option in "$@"; do
    case $option in
      --fresh | --observe) ;;
      *) fail "up does not know '$option'." "It takes --fresh, --observe or nothing." ;;
    esac
  done
  need_tools
  node "$ROOT/.dev/up/ports.mjs" || exit 1
  need_node_project worker/ScriptRunner
  build_web
  build functions/App/ClickToDial.App.csproj worker/Host/ClickToDial.Worker.csproj
  exec node "$ROOT/.dev/up/up.mjs" --configuration "$CONFIGURATION" "$@"
}

# trace_call ID: what the parts wrote about a call.
trace_call() {
  need_node
  exec node "$ROOT/.dev/up/trace.mjs" "$@"
}
