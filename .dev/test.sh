# Tests, benchmarks, fuzzing, demo.

NODE_PROJECTS="worker/ScriptRunner web"
TEST_LIMIT_SECONDS=${TEST_LIMIT_SECONDS:-900} # for one test project

# run_tests [FILTER]: a test project's name, or a part of a test's full name.
run_tests() {
  local filter=${1:-} projects=() node_projects=() arguments=() name
  # shellcheck disable=SC2206
  for name in $NODE_PROJECTS; do
    if [ -z "$filter" ] || [ "$filter" = "$(basename "$name")" ]; then node_projects+=("$name"); fi
  done
  if [ -n "$filter" ] && [ ${#node_projects[@]} -gt 0 ]; then
    local passed=0 failed=0 skipped=0 broken=0
    for name in "${node_projects[@]}"; do run_node_project "$name"; done
    say "$passed passed, $((failed + broken)) failed, $skipped skipped"
    return $((failed + broken > 0))
  fi
  need_tools
  # The functions' tests run the real one; forms are held against a foreign validator, and the API's description against a foreign linter.
  need_node_project worker/ScriptRunner
  need_node_project tests/Core.Tests/Actions/Forms/Ajv
  need_node_project tests/App.Tests/OpenApi/Spectral
  build_web
  # shellcheck disable=SC2086
  install_packages "the interop tests" $TOOLS_TO_TEST || warn "the tests that need them will be skipped."
  build
  for name in $(cd "$ROOT/tests" && ls -d */ | tr -d /); do
    # The demo and the benchmarks are programs, but no tests.
    grep -q '<IsTestProject>false' "$ROOT/tests/$name/"*.csproj 2>/dev/null && continue
    [ -x "$(test_program "$name")" ] && projects+=("$name")
  done
  if [ -n "$filter" ] && [ -x "$(test_program "$filter")" ]; then
    projects=("$filter")
  elif [ -n "$filter" ]; then
    arguments=(-method "*$filter*")
  fi

  local passed=0 failed=0 skipped=0 broken=0 started=$SECONDS
  for name in "${projects[@]}"; do run_test_project "$name"; done
  for name in "${node_projects[@]}"; do run_node_project "$name"; done
  say "$((SECONDS - started)) s"
  [ $((passed + failed + broken)) -gt 0 ] || fail "no test matches '$filter'." "Give a project of tests/ or a part of a test's name."
  say "$passed passed, $((failed + broken)) failed, $skipped skipped"
  [ $((failed + broken)) = 0 ]
}

test_program() { printf '%s' "$ROOT/tests/$1/bin/$CONFIGURATION/net10.0/ClickToDial.$1"; }

# Runs one project and adds to the counts of run_tests.
run_test_project() {
  local name=$1 log=$LOCAL/logs/tests/$1.log status=0 summary
  mkdir -p "$LOCAL/logs/tests"
  printf '• %-20s ' "$name"
  timeout --kill-after=10 "$TEST_LIMIT_SECONDS" "$(test_program "$name")" -noLogo -noColor "${arguments[@]}" >"$log" 2>&1 </dev/null || status=$?
  summary=$(grep -E '^ +ClickToDial\.\S+ +Total: ' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    broken=$((broken + 1))
    say "did not finish (exit code $status; the limit is $TEST_LIMIT_SECONDS s)"
    tail -n 40 "$log"
    return
  fi
  local total fails errors skips
  total=$(count Total) fails=$(count Failed) errors=$(count Errors) skips=$(count Skipped)
  if [ "$total$status" = 00 ]; then
    say "nothing matches"
    return
  fi
  say "$((total - fails - skips)) passed, $((fails + errors)) failed, $skips skipped ($(sed -E 's/.*Time: //' <<<"$summary"))"
  passed=$((passed + total - fails - skips)) failed=$((failed + fails + errors)) skipped=$((skipped + skips))
  [ "$skips" = 0 ] || grep -A1 -F '[SKIP]' "$log" | grep -v '^--' || true
  [ "$status" = 0 ] || grep -vE '^ +(Discover|Start|Finish)' "$log" | tail -n 400
  if [ "$status" != 0 ] && [ $((fails + errors)) = 0 ]; then broken=$((broken + 1)); fi
}

# Type check and tests of one of NODE_PROJECTS.
run_node_project() {
  local folder=$1 log summary status=0
  log=$LOCAL/logs/tests/$(basename "$folder").log
  mkdir -p "$LOCAL/logs/tests"
  need_node_project "$folder"
  printf '• %-20s ' "$(basename "$folder")"
  (cd "$ROOT/$folder" && timeout --kill-after=10 "$TEST_LIMIT_SECONDS" sh -c 'npm run --silent check && npm --silent test') >"$log" 2>&1 </dev/null || status=$?
  summary=$(grep -E '^(#|ℹ) (pass|fail|cancelled|skipped) [0-9]+$' "$log" | tr '\n' ' ' || true)
  if [ -z "$summary" ]; then
    broken=$((broken + 1))
    say "did not finish (exit code $status; the limit is $TEST_LIMIT_SECONDS s)"
    tail -n 40 "$log"
    return
  fi
  local passes fails skips
  passes=$(node_count pass) fails=$(($(node_count fail) + $(node_count cancelled))) skips=$(node_count skipped)
  say "$passes passed, $fails failed, $skips skipped"
  passed=$((passed + passes)) failed=$((failed + fails)) skipped=$((skipped + skips))
  [ "$status" = 0 ] || grep -A 20 '^ *not ok' "$log" | head -n 120
  if [ "$status" != 0 ] && [ "$fails" = 0 ]; then broken=$((broken + 1)); fi
}

node_count() { sed -nE "s/.*[#ℹ] $1 ([0-9]+).*/\1/p" <<<"$summary"; }

count() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }

bench() {
  mkdir -p "$LOCAL/logs"
  if [ "${1:-}" = sip-soak ]; then
    build tests/Calls.Tests/ClickToDial.Calls.Tests.csproj
    CTD_SOAK_CALLS=${2:-100000} "$(test_program Calls.Tests)" -noLogo -showLiveOutput -method '*CallSoakTests*'
    return
  fi
  if [ "${1:-}" = media ]; then
    # shellcheck disable=SC2086
    install_packages "comparing with peers" $TOOLS_TO_BENCH || warn "the peers that are missing will be named as missing."
  fi
  if [ "${1:-}" = chains ]; then
    need_tools
    need_node_project worker/ScriptRunner
  fi
  CONFIGURATION=Release
  build tests/Benchmarks/ClickToDial.Benchmarks.csproj
  case ${1:-} in
    ingest) need_tools ;;
    sip)
      # shellcheck disable=SC2086
      install_packages "calls under load" $TOOLS_TO_LOAD || warn "what is missing will be named."
      build worker/Host/ClickToDial.Worker.csproj
      publish_worker
      set -- "$@" --worker "$WORKER_PROGRAM"
      ;;
  esac
  "$ROOT/tests/Benchmarks/bin/Release/net10.0/ClickToDial.Benchmarks" "$@"
}

soak() {
  need_tools
  if [ "${1:-}" = ingest ]; then
    [ "${2:-}" = --events ] && shift
    build tests/App.Tests/ClickToDial.App.Tests.csproj
    CTD_SOAK_EVENTS=${2:-50000} "$(test_program App.Tests)" -noLogo -showLiveOutput -class '*IngestSoakTests'
    return
  fi
  [ "${1:-}" = chains ] || fail "soak does not know '${1:-}'." "It knows: chains [CHAINS], ingest [--events EVENTS]."
  need_node_project worker/ScriptRunner
  build tests/App.Tests/ClickToDial.App.Tests.csproj
  CHAIN_KILL_CHAINS=${2:-200} CHAIN_KILL_LIVES=${CHAIN_KILL_LIVES:-40} "$(test_program App.Tests)" -noLogo -showLiveOutput -diagnostics -class '*ChainKillTests'
}

fuzz() {
  build tests/Fuzz/ClickToDial.Fuzz.csproj
  # What it finds is kept in .local/findings.
  (cd "$LOCAL" && "$(test_program Fuzz)" run "${1:-all}" "${2:-10}")
}

demo() {
  need_tools
  build tests/Demo/ClickToDial.Demo.csproj
  "$(test_program Demo)" "$@"
}
