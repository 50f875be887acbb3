# What the scripts share. Each says what it will do before it does it.
# shellcheck shell=bash
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
INFRA=$(dirname "$HERE")
ROOT=$(dirname "$INFRA")

say() { printf '• %s\n' "$*"; }
fail() { printf '%s\n' "$@" >&2; exit 1; }
need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is missing." "$2"; }

need_azure() {
  need az "Install the Azure CLI: https://learn.microsoft.com/cli/azure/install-azure-cli"
  az account show --output none 2>/dev/null || fail "You are not signed in to Azure." "Run: az login"
}

# confirm WHAT: asks, unless CTD_YES=1.
confirm() {
  [ "${CTD_YES:-}" = 1 ] && return
  local answer
  read -r -p "$1 Go on? [y/N] " answer
  [ "$answer" = y ] || fail "Nothing was done."
}

environment_of() {
  case ${1:-} in
    dev | test | prod) printf '%s' "$1" ;;
    *) fail "Say which environment: dev, test or prod." ;;
  esac
}

group_of() { printf '%s' "${CTD_RESOURCE_GROUP:-rg-ctd-$1}"; }

output_of() { az deployment group show --resource-group "$1" --name ctd --query "properties.outputs.$2.value" --output tsv; }

# Images that the Dockerfiles start from, as they stand there.
# shellcheck disable=SC2034
DOCKERFILES=("$ROOT/worker/Host/Dockerfile" "$ROOT/worker/ScriptRunner/Dockerfile" "$ROOT/infra/compose/functions.Dockerfile")
base_images() { sed -nE 's/^ARG [A-Z_]+=([^@:]+(:[0-9]+\/[^@:]+)?:[^@]+(@.*)?)$/\1/p' "${DOCKERFILES[@]}"; }
