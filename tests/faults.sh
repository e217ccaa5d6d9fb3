#!/usr/bin/env bash
# What a run comes through. After each fault its files open, and it goes on (or, where it had no checkpoint yet, begins
# anew) and ends bit for bit as the one that nothing befell; what a fault ends says so in one message. Sections:
#   kills    SIGKILL at a random moment, each learner of the tables in turn
#   torn     SIGKILL ahead of a writing call, and in the midst of it, call after call
#   writes   a writing call fails (ENOSPC, EDQUOT, EIO): once, from then on, and with half of its bytes written
#   remount  the disk of a run turns read-only at a random moment, then is mounted again (as root, where mounting is allowed)
#   clock    the clock of the day jumps an hour ahead and an hour back, again and again
#   memory   limits to the address space, from too little to start to enough
#   starts   20 processes that would all write one run
# tests/faults.sh [--kills N] [--every K] [--rotate] [--seed S] [SECTION...]: N kills (200) and a fifth as many remounts, each K-th
# call (1); --rotate: the ways in turn, so that each call meets each error once; all sections without a name.
# LibTorch is loaded once and not for each fault: the programs wait and are forked (tests/faults/warm.cpp).
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
bin=${ATELIER_BIN:-$root/build/release/bin}
export ATELIER_HOME=$root OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=2000 PATH=$bin:$PATH
kills=200 every=1 rotate=0 RANDOM=1 sections=() words=("$@")
while (($#)); do
  case $1 in
    --kills) kills=$2 && shift ;;
    --every) every=$2 && shift ;;
    --rotate) rotate=1 ;;
    --seed) RANDOM=$2 && shift ;;
    -*) echo "no option $1" && exit 2 ;;
    *) sections+=("$1") ;;
  esac
  shift
done
((${#sections[@]})) || sections=(kills torn writes remount clock memory starts)
[[ -x $bin/atelier && -e $bin/libtests_faults.so ]] || { echo "$bin: holds no atelier and libtests_faults.so: build them first"; exit 3; }
# Mounts of its own, which end with it.
mounts=${ATELIER_FAULTS_MOUNTS-}
if [[ ! $mounts && " ${sections[*]} " == *' remount '* ]] && unshare --mount true 2>/dev/null; then
  ATELIER_FAULTS_MOUNTS=1 exec unshare --mount "$0" "${words[@]}"
fi

scratch=$(readlink -f "$(mktemp -d)")
trap 'umount -q "$scratch/disk" 2>/dev/null; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
passed=0 failed=0 aside=0

ok() { passed=$((passed + 1)); }
wrong() { # wrong CLAIM WHAT: with what was said
  failed=$((failed + 1))
  echo "FAILED  $1: $2"
  sed 's/^/        | /' said 2>/dev/null | tail -n 12
}

declare -A ask tell
load() { # load PROGRAM: once; from here on it waits
  local pipe
  mkdir "warm-$1" && mkfifo "warm-$1/ask" "warm-$1/tell"
  exec {pipe}<>"warm-$1/ask" && ask[$1]=$pipe
  exec {pipe}<>"warm-$1/tell" && tell[$1]=$pipe
  ATELIER_WARM=$scratch/warm-$1 LD_PRELOAD=$bin/libtests_faults.so UCX_ERROR_SIGNALS='' UCX_DEBUG_SIGNO='' "$bin/$1" &
  disown
}

answer() { # answer PROGRAM: the next line that it tells, in $told
  read -r -t 600 told <&"${tell[$1]}" || { echo "$1 has gone, or does not end" >&2; exit 1; }
}

begin() { # begin PROGRAM [NAME=VALUE...] -- atelier WORD...: what it says goes into `said`, its process is $told
  [[ ${ask[$1]-} ]] || load "$1"
  printf '%s\0' "$scratch" "$scratch/said" "${@:2}" '' >&"${ask[$1]}"
  answer "$1"
}

warm() { # as begin, to its end: its exit code
  begin "$@"
  answer "$1"
  return "$told"
}

cat >agent.yaml <<'YAML'
agent: reinforce
env: {id: CartPole-v1, max_episode_steps: 20}
reinforce: {episodes_per_update: 1}
train: {steps: 8}
eval: {every: {steps: 4}, episodes: 2}
checkpoint: {every: {steps: 4}}
log: {flush_s: 0.01}
YAML
cat >model.yaml <<'YAML'
model: vae
data: stripes
train: {steps: 4}
eval: {every: {steps: 2}}
checkpoint: {every: {steps: 2}}
log: {flush_s: 0.01}
YAML

whole() { # whole EXPERIMENT [OVERRIDE...]: the run that nothing befalls, in whole-EXPERIMENT
  warm atelier-torch -- atelier run "$1" "${@:2}" --quiet --force --out "whole-$1" || { wrong "$1" "fails undisturbed"; return 1; }
}

one_message() { # what was said names a cause, once, and no fault of ours
  [[ $(grep -c '^atelier: ' said) == 1 ]] && ! grep -qE 'internal fault|terminate called|Segmentation|Assertion' said
}

debris() { # what no run keeps, in the folder of one that was not killed
  find "$1" -mindepth 1 ! -name run.h5 ! -name episodes.h5 ! -name last.h5 ! -name previous.h5 ! -name best.h5 ! -name '*.damaged.h5' 2>/dev/null
}

left() { # left FOLDER: what not even a process that was killed leaves there; the lock, drafts and journals go with the next one
  debris "$1" | grep -vE '/(\.lock|[^/]+\.(tmp|part|journal))$'
}

# goes_on CLAIM EXPERIMENT FOLDER [OVERRIDE...]: the run in FOLDER, stopped somehow, ends as the whole one.
goes_on() {
  local claim=$1 experiment=$2 folder=$3 spoilt=0
  if [[ -e $folder/last.h5 || -e $folder/previous.h5 ]]; then
    # episodes.h5 is the one that a full disk may spoil: a resume puts it aside and says so (docs/run-file.md)
    warm atelier -- atelier verify "$folder" || spoilt=$(grep -c 'episodes.h5: ' said)
    grep -vE ': whole$|episodes.h5: ' said >broken && { wrong "$claim" "a file is not whole"; return; }
    if ! warm atelier-torch -- atelier run --resume "$folder" --quiet; then
      grep -q 'has used up its budget' said || { wrong "$claim" "does not go on"; return; }
    fi
  else
    [[ ! -e $folder/run.h5 ]] || warm atelier -- atelier report "$folder" || { wrong "$claim" "a run.h5 that cannot be read"; return; }
    warm atelier-torch -- atelier run "$experiment" "${@:4}" --quiet --force --out "$folder" || { wrong "$claim" "does not begin anew"; return; }
  fi
  if ((spoilt)) && [[ -e $folder/episodes.damaged.h5 ]]; then # all but the episodes before is as it was
    aside=$((aside + 1))
    cp "whole-$experiment/episodes.h5" "$folder/episodes.h5"
  fi
  warm atelier -- atelier diff "whole-$experiment" "$folder" || { wrong "$claim" "is another run in the end"; return; }
  [[ -z $(debris "$folder") ]] || { wrong "$claim" "leaves $(debris "$folder" | head -n 3 | xargs)"; return; }
  ok
}

trials() { # name, kind and trial of every learner, into NAME.yaml; the names
  python3 - "$bin/tables.json" <<'PY'
import json, sys
tables = json.load(open(sys.argv[1]))
for entry in tables["agents"] + tables["models"]:
    open(entry["name"] + ".yaml", "w").write(entry["trial"] + "\n")
    print(entry["name"])
PY
}

now() { date +%s%N; }

wait_up_to() { # wait_up_to MS: a random while, in $pause
  pause=$(((RANDOM * 32768 + RANDOM) % ($1 + 1)))
  sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
}

kills() {
  local names name n=0 began took claim folder=killed killed=0 reached=0
  mapfile -t names < <(trials)
  declare -A length
  for ((n = 0; n < kills; ++n)); do
    name=${names[n % ${#names[@]}]}
    local more=('checkpoint.every={steps: 2}' 'log.flush_s=0.01')
    if [[ -z ${length[$name]-} ]]; then
      began=$(now)
      whole "$name.yaml" "${more[@]}" || continue
      length[$name]=$((($(now) - began) / 1000000))
    fi
    rm -rf $folder
    begin atelier-torch -- atelier run "$name.yaml" "${more[@]}" --quiet --out $folder
    took=${length[$name]}
    wait_up_to "$took"
    kill -KILL "$told" 2>/dev/null
    answer atelier-torch
    claim="$name, SIGKILL after $pause of $took ms"
    if ((told == 137)); then
      killed=$((killed + 1))
      [[ -e $folder/last.h5 ]] && reached=$((reached + 1))
      [[ -z $(left $folder) ]] || wrong "$claim" "leaves $(left $folder | head -n 3 | xargs)"
    fi
    goes_on "$claim" "$name.yaml" $folder "${more[@]}"
  done
  echo "kills: ${#names[@]} learners, $n moments; $killed before the run's own end, $reached of them after a checkpoint"
}

with_fault() { # with_fault AT HOW ERROR EXPERIMENT FOLDER: its exit code
  rm -rf "$5" count
  mkdir "$5"
  warm atelier-torch ATELIER_FAULTS_BELOW="$scratch/$5" ATELIER_FAULTS_AT="$1" ATELIER_FAULTS_HOW="$2" \
    ATELIER_FAULTS_ERROR="$3" ATELIER_FAULTS_COUNT="$scratch/count" -- atelier run "$4" --quiet --out "$5"
}

calls_of() { # of an undisturbed run of EXPERIMENT
  with_fault 0 counted EIO "$1" counted && cat count
}

turns() { # turns N WAYS...: the ways of the N-th call; with --rotate one of them, in turn
  local n=$1 ways=("${@:2}")
  if ((rotate)); then echo "${ways[n % ${#ways[@]}]}"; else echo "${ways[@]}"; fi
}

torn() {
  local experiment how n calls tried=0 claim
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    calls=$(calls_of $experiment)
    for ((n = 1; n <= calls; n += every)); do
      for how in $(turns $((n / every)) killed torn); do
        claim="$experiment, SIGKILL at call $n ($how)"
        with_fault $n "$how" EIO $experiment torn
        [[ -z $(left torn) ]] || wrong "$claim" "leaves $(left torn | head -n 3 | xargs)"
        goes_on "$claim" $experiment torn
        tried=$((tried + 1))
      done
    done
    echo "torn: $experiment, $calls writing calls"
  done
  echo "torn: $tried kills"
}

write_fails() { # write_fails EXPERIMENT N HOW ERROR: the N-th call does; 1 where the run survives it
  local claim="$1, $4 at call $2 ($3)" code
  with_fault "$2" "$3" "$4" "$1" faulty
  code=$?
  if ((code > 2)) || { ((code != 0)) && ! one_message; }; then
    wrong "$claim" "code $code"
  elif ((code != 0)) && [[ -n $(debris faulty) && $3 == once ]]; then # what cannot be written cannot be cleared away either
    wrong "$claim" "leaves $(debris faulty | head -n 3 | xargs)"
  else
    goes_on "$claim, code $code" "$1" faulty
  fi
  return $((code == 0))
}

writes() {
  local experiment errors=(ENOSPC EDQUOT EIO) e how n calls tried=0 survived=0
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    calls=$(calls_of $experiment)
    for ((n = 1; n <= calls; n += every)); do
      for e in 0 1 2; do
        for how in $(turns $((n / every + e)) once on half); do
          write_fails $experiment $n "$how" "${errors[e]}" || survived=$((survived + 1))
          tried=$((tried + 1))
        done
      done
    done
    echo "writes: $experiment, $calls writing calls"
  done
  echo "writes: $tried faults, of which $survived ended no run"
}

mount_disk() { # what the journal of ext4 holds is taken, as after a power cut
  e2fsck -p disk.ext4 >fsck 2>&1 || (($? == 1)) || return
  mkdir -p disk && mount -o loop disk.ext4 disk 2>>fsck
}

# As ext4 does when it meets an error: nobody writes any more, whatever is open, and what was not yet on the disk is lost.
# An ordinary remount writes it first, and is refused as long as a file is open for writing.
turn_read_only() { # turn_read_only WAY: remounted or lost
  [[ $1 == lost ]] || sync -f disk
  mount -o remount,abort disk
}

remount_once() { # remount_once EXPERIMENT WAY MS: 1 where the run ends by itself
  local claim="$1, a disk that is $2 after" code
  rm -rf disk/run && sync -f disk # else what is lost would be that it is gone
  begin atelier-torch -- atelier run "$1" --quiet --out disk/run
  wait_up_to "$3"
  turn_read_only "$2"
  answer atelier-torch
  code=$told claim="$claim $pause of $3 ms, code $told"
  if ! { umount disk && mount_disk; }; then
    wrong "$claim" "cannot be mounted again: $(tail -n 1 fsck)"
  elif ((code > 2)) || { ((code != 0)) && ! one_message; }; then
    wrong "$claim" 'no one message'
  else
    goes_on "$claim" "$1" disk/run
  fi
  return $((code == 0))
}

remount() {
  local experiment way k began ended=0 tried=$(((kills + 4) / 5))
  if [[ ! $mounts ]] || ! truncate -s 64M disk.ext4 || ! mkfs.ext4 -q -F disk.ext4 || ! mount_disk; then
    echo 'remount: skipped, nothing can be mounted here (it takes root, mkfs.ext4 and loop devices)'
    return
  fi
  declare -A length
  for ((k = 0; k < tried; ++k)); do
    experiment=$( ((k % 2)) && echo model.yaml || echo agent.yaml) way=$( ((k / 2 % 2)) && echo lost || echo remounted)
    if [[ ! ${length[$experiment]-} ]]; then
      began=$(now)
      whole "$experiment" || return
      length[$experiment]=$((($(now) - began) / 1000000))
    fi
    remount_once "$experiment" "$way" "${length[$experiment]}" && ended=$((ended + 1))
  done
  umount disk
  echo "remount: $tried, of which $ended ended the run"
}

clock() {
  local experiment k
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    for k in 3600 -3600 86400 -1700000000; do
      rm -rf jumped
      if ! warm atelier-torch ATELIER_FAULTS_CLOCK="$k" -- atelier run $experiment --quiet --out jumped; then
        wrong "$experiment, a clock that jumps by $k s" "fails"
        continue
      fi
      goes_on "$experiment, a clock that jumps by $k s" $experiment jumped
    done
  done
  echo "clock: 8 runs"
}

memory() {
  local experiment limit code refused=0 tried=0
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    for limit in 20 60 100 200 300 400 500 600 700 800 900 1000 1200 1500 2000 3000; do # MiB
      rm -rf small
      (ulimit -v $((limit * 1024)) && atelier run $experiment --quiet --out small >said 2>&1)
      code=$? tried=$((tried + 1))
      ((code == 0)) || refused=$((refused + 1))
      if ((code != 0)) && ! { grep -qE '^atelier: |cannot (allocate|open|map)|error while loading|failed to map|not enough memory' said && ! grep -q 'internal fault' said; }; then
        wrong "$experiment in $limit MiB" "code $code"
        continue
      fi
      goes_on "$experiment in $limit MiB, code $code" $experiment small
    done
  done
  echo "memory: $tried limits, $refused too small"
}

starts() {
  whole agent.yaml train.steps=1000 || return
  local k won=0 lost=0 code started=()
  rm -rf one
  for ((k = 0; k < 20; ++k)); do
    { atelier run agent.yaml train.steps=1000 --quiet --force --out one >out-$k 2>&1; echo $? >code-$k; } &
    started+=($!)
  done
  wait "${started[@]}"
  for ((k = 0; k < 20; ++k)); do
    code=$(cat code-$k)
    cp out-$k said
    if ((code == 0)); then won=$((won + 1)) && ok; continue; fi
    lost=$((lost + 1))
    if ((code == 2)) && one_message && grep -q 'is writing here; wait for its end or stop it first' said; then ok; else wrong "start $k" "code $code"; fi
  done
  ((won > 0)) || wrong "20 starts" "nobody won"
  goes_on "20 starts in one folder" agent.yaml one train.steps=1000
  echo "starts: 20, of which $won ran and $lost were refused"
}

for section in "${sections[@]}"; do
  declare -F "$section" >/dev/null || { echo "no section '$section'"; exit 2; }
done
for section in "${sections[@]}"; do
  begun=$SECONDS
  "$section"
  echo "$section: $((SECONDS - begun)) s"
done
echo "$passed passed, $failed failed; $aside times a full disk had spoilt episodes.h5, which was put aside"
((failed == 0 && passed > 0))
