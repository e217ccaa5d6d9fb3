#!/usr/bin/env bash
# Proves the two commands on a bare Debian: debootstrap into a scratch folder, clone the committed tree, run them in a chroot.
#   tests/fresh-machine.sh bookworm|trixie [--keep] [--reuse] [-- COMMAND]
# --keep leaves the machine behind, --reuse starts from one that was kept; COMMAND replaces the two (it runs beside the clone,
# which is ./atelier). SCRATCH says where (default /tmp; 8 GB). Needs root and debootstrap.
set -euo pipefail

usage() { sed -n '2,5s/^# *//p' "$0" >&2; exit 2; }

# Mounts and processes live in namespaces of their own, so that none can outlive this script.
[[ ${FRESH_INSIDE-} ]] || FRESH_INSIDE=1 exec unshare --mount --pid --fork --kill-child "$BASH" "$0" "$@"

suite=${1-} keep='' reuse='' commands=()
[[ $suite == bookworm || $suite == trixie ]] || usage
shift
while (($#)); do
  case $1 in
    --keep) keep=1 ;;
    --reuse) reuse=1 keep=1 ;;
    --) commands=("${*:2}") && break ;;
    *) usage ;;
  esac
  shift
done
repository=$(git -C "$(dirname "$(readlink -f "$0")")" rev-parse --show-toplevel)
machine=${SCRATCH:-/tmp}/atelier-fresh-$suite
home=/home/newcomer # inside of it
logs=$machine.logs
mkdir -p "$logs"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

# ---- the machine ----

host_mirror() { # host_mirror LABEL DEFAULT: where the host's apt finds Debian
  local found
  found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Label: $1" 2>/dev/null | head -n 1 || true)
  echo "${found:-$2}"
}

raise_machine() {
  local main security
  main=$(host_mirror Debian http://deb.debian.org/debian)
  security=$(host_mirror Debian-Security http://deb.debian.org/debian-security)
  if [[ ! $reuse || ! -e $machine/etc/debian_version ]]; then
    say "debootstrap $suite into $machine"
    rm -rf --one-file-system "$machine"
    debootstrap --variant=minbase --include=git,ca-certificates "$suite" "$machine" "$main" >"$logs/debootstrap.log"
  fi
  printf 'deb %s %s main\n' "$main" "$suite" "$main" "$suite-updates" "$security" "$suite-security" \
    >"$machine/etc/apt/sources.list"
  cp /etc/resolv.conf /etc/hosts "$machine/etc/"
  [[ -z ${http_proxy-} ]] || echo "Acquire::http::Proxy \"$http_proxy\";" >"$machine/etc/apt/apt.conf.d/90proxy"
  mount -t proc proc "$machine/proc"
  mount -t tmpfs tmpfs "$machine/dev/shm"
  mkdir -p "$machine/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts"
  ln -sf pts/ptmx "$machine/dev/ptmx"
}

clone() {
  [[ -z $(git -C "$repository" status --porcelain --untracked-files=no) ]] || say 'note: uncommitted changes are not in the clone'
  rm -rf "$machine$home/atelier"
  mkdir -p "$machine$home/elsewhere"
  git -C "$repository" bundle create --quiet "$machine$home/house.bundle" HEAD
  inside 'git -c advice.detachedHead=false clone --quiet house.bundle atelier && git -C atelier log --oneline -1'
}

inside() { chroot "$machine" env -i HOME="$home" PATH=/usr/sbin:/usr/bin:/sbin:/bin "$BASH" -c "cd $home && $1"; }

# ---- measuring ----

sample_memory() { # the largest sum of resident memory over all processes in here, twice a second, in MB
  local peak=0 now
  echo 0 >"$1"
  while sleep 0.5; do
    now=$(awk '$1 == "VmRSS:" { sum += $2 } END { print int(sum / 1024) }' "$machine"/proc/[0-9]*/status 2>/dev/null || true)
    ((${now:-0} > peak)) && peak=$now && echo "$peak" >"$1"
  done
}

failed=0 step=0
play() { # play COMMAND: its output as it comes, then one line with times and peak memory
  local log begun=$SECONDS rc=0 sampler TIMEFORMAT='%U + %S'
  log=$logs/$((++step)).log
  say "\$ $1"
  sample_memory "$log.memory" &
  sampler=$!
  { time inside "$1" </dev/null 2>&1; } 2>"$log.cpu" | tee "$log" || rc=$?
  kill "$sampler"
  ((rc == 0)) || failed=1
  say "exit $rc after $((SECONDS - begun)) s (processors: $(tail -n 1 "$log.cpu") s), peak memory $(cat "$log.memory") MB"
}

expect() { # expect CLAIM COMMAND
  local seen
  if seen=$(inside "$2" 2>&1); then say "ok: $1 (${seen##*$'\n'})"; else say "NOT SO: $1 (${seen##*$'\n'})" && failed=1; fi
}

prove() {
  local launcher=../atelier/atelier
  play "cd elsewhere && $launcher run experiments/cartpole_reinforce.yaml"
  expect 'the run lies in the folder it was started from' 'ls elsewhere/runs/*/latest/seed-*/run.h5'
  [[ $reuse ]] || expect 'run installed nothing that only tests need' '! dpkg-query -W catch2 python3-pandas'
  play "cd elsewhere && $launcher test"
  expect 'on an unchanged tree the launcher adds less than 0.3 s' "
    seconds() { local TIMEFORMAT=%R; { time \"\$@\" >/dev/null 2>&1; } 2>&1; }
    seconds atelier/atelier --help >/dev/null
    awk -v launched=\$(seconds atelier/atelier --help) -v alone=\$(seconds atelier/build/release/bin/atelier --help) \\
      'BEGIN { print launched, alone; exit !(launched - alone < 0.3) }'"
}

finish() {
  umount "$machine/proc" "$machine/dev/shm" "$machine/dev/pts" 2>/dev/null || true
  [[ $keep ]] || rm -rf --one-file-system "$machine"
}
trap finish EXIT

{ # read whole before it runs: this file may be edited meanwhile
raise_machine
clone
if ((${#commands[@]})); then play "${commands[0]}"; else prove; fi
((failed)) && verdict=FAILED || verdict=PASSED
say "$verdict on bare $suite (logs: $logs)"
exit $failed
}
