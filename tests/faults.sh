#!/usr/bin/env bash
# What a run comes through. After each fault its files open, and it goes on (or, where it had no checkpoint yet, begins
# anew) and ends bit for bit as the one that nothing befell; what a fault ends says so in one message. Sections:
#   kills    SIGKILL at a random moment, each learner of the tables in turn
#   torn     SIGKILL ahead of a writing call, and in the midst of it, call after call
#   writes   a writing call fails (ENOSPC, EDQUOT, EIO): once, from then on, and with half of its bytes written
#   clock    the clock of the day jumps an hour ahead and an hour back, again and again
#   memory   limits to the address space, from too little to start to enough
#   starts   20 processes that would all write one run
# tests/faults.sh [--kills N] [--every K] [--seed S] [SECTION...]: N kills (200), each K-th call (1); all sections without a name.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
bin=${ATELIER_BIN:-$root/build/release/bin}
export ATELIER_HOME=$root OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=2000 PATH=$bin:$PATH
kills=200 every=1 RANDOM=1 sections=()
while (($#)); do
  case $1 in
    --kills) kills=$2 && shift ;;
    --every) every=$2 && shift ;;
    --seed) RANDOM=$2 && shift ;;
    -*) echo "no option $1" && exit 2 ;;
    *) sections+=("$1") ;;
  esac
  shift
done
((${#sections[@]})) || sections=(kills torn writes clock memory starts)
[[ -x $bin/atelier && -e $bin/libtests_faults.so ]] || { echo "$bin: holds no atelier and libtests_faults.so: build them first"; exit 3; }

scratch=$(readlink -f "$(mktemp -d)")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
passed=0 failed=0 aside=0

ok() { passed=$((passed + 1)); }
wrong() { # wrong CLAIM WHAT: with what was said
  failed=$((failed + 1))
  echo "FAILED  $1: $2"
  sed 's/^/        | /' said 2>/dev/null | tail -n 12
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
  atelier run "$1" "${@:2}" --quiet --force --out "whole-$1" >said 2>&1 || { wrong "$1" "fails undisturbed"; return 1; }
}

one_message() { # what was said names a cause, once, and no fault of ours
  [[ $(grep -c '^atelier: ' said) == 1 ]] && ! grep -qE 'internal fault|terminate called|Segmentation|Assertion' said
}

debris() { # what no run keeps, in the folder of one that was not killed
  find "$1" -mindepth 1 ! -name run.h5 ! -name episodes.h5 ! -name last.h5 ! -name previous.h5 ! -name best.h5 ! -name '*.damaged.h5' 2>/dev/null
}

# goes_on CLAIM EXPERIMENT FOLDER [OVERRIDE...]: the run in FOLDER, stopped somehow, ends as the whole one.
goes_on() {
  local claim=$1 experiment=$2 folder=$3 spoilt=0
  if [[ -e $folder/last.h5 || -e $folder/previous.h5 ]]; then
    # episodes.h5 is the one that a full disk may spoil: a resume puts it aside and says so (docs/run-file.md)
    atelier verify "$folder" >said 2>&1 || spoilt=$(grep -c 'episodes.h5: ' said)
    grep -vE ': whole$|episodes.h5: ' said >broken && { wrong "$claim" "a file is not whole"; return; }
    if ! atelier run --resume "$folder" --quiet >said 2>&1; then
      grep -q 'has used up its budget' said || { wrong "$claim" "does not go on"; return; }
    fi
  else
    atelier run "$experiment" "${@:4}" --quiet --force --out "$folder" >said 2>&1 || { wrong "$claim" "does not begin anew"; return; }
  fi
  if ((spoilt)) && [[ -e $folder/episodes.damaged.h5 ]]; then # all but the episodes before is as it was
    aside=$((aside + 1))
    cp "whole-$experiment/episodes.h5" "$folder/episodes.h5"
  fi
  atelier diff "whole-$experiment" "$folder" >said 2>&1 || { wrong "$claim" "is another run in the end"; return; }
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

kills() {
  local names name n=0 began took pause folder killed=0
  mapfile -t names < <(trials)
  declare -A length
  for ((n = 0; n < kills; ++n)); do
    name=${names[n % ${#names[@]}]} folder=killed
    local more=('checkpoint.every={steps: 2}' 'log.flush_s=0.01')
    if [[ -z ${length[$name]-} ]]; then
      began=$(now)
      whole "$name.yaml" "${more[@]}" || continue
      length[$name]=$((($(now) - began) / 1000000))
    fi
    rm -rf $folder
    atelier run "$name.yaml" "${more[@]}" --quiet --out $folder >said 2>&1 &
    local pid=$!
    took=${length[$name]}
    pause=$(((RANDOM * 32768 + RANDOM) % (took + 1)))
    sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
    [[ $? == 137 ]] && killed=$((killed + 1))
    goes_on "$name, SIGKILL after $pause of $took ms" "$name.yaml" $folder "${more[@]}"
  done
  echo "kills: ${#names[@]} learners, $n moments; $killed before the run's own end"
}

with_fault() { # with_fault AT HOW ERROR EXPERIMENT FOLDER: its exit code
  rm -rf "$5" count
  mkdir "$5"
  ATELIER_FAULTS_BELOW=$scratch/$5 ATELIER_FAULTS_AT=$1 ATELIER_FAULTS_HOW=$2 ATELIER_FAULTS_ERROR=$3 \
    ATELIER_FAULTS_COUNT=$scratch/count LD_PRELOAD=$bin/libtests_faults.so \
    atelier run "$4" --quiet --out "$5" >said 2>&1
}

calls_of() { # of an undisturbed run of EXPERIMENT
  with_fault 0 counted EIO "$1" counted && cat count
}

torn() {
  local experiment how n calls tried=0
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    calls=$(calls_of $experiment)
    for how in killed torn; do
      for ((n = 1; n <= calls; n += every)); do
        with_fault $n $how EIO $experiment torn 2>/dev/null
        goes_on "$experiment, SIGKILL at call $n ($how)" $experiment torn
        tried=$((tried + 1))
      done
    done
    echo "torn: $experiment, $calls writing calls"
  done
  echo "torn: $tried kills"
}

writes() {
  local experiment how error n calls code tried=0 survived=0
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    calls=$(calls_of $experiment)
    for how in once on half; do
      for error in ENOSPC EDQUOT EIO; do
        for ((n = 1; n <= calls; n += every)); do
          local claim="$experiment, $error at call $n ($how)"
          with_fault $n $how $error $experiment faulty
          code=$? tried=$((tried + 1))
          if ((code == 0)); then
            survived=$((survived + 1))
          elif ((code > 2)) || ! one_message; then
            wrong "$claim" "code $code"
            continue
          elif [[ -n $(debris faulty) && $how == once ]]; then # what cannot be written cannot be cleared away either
            wrong "$claim" "leaves $(debris faulty | head -n 3 | xargs)"
            continue
          fi
          goes_on "$claim, code $code" $experiment faulty
        done
      done
    done
    echo "writes: $experiment, $calls writing calls"
  done
  echo "writes: $tried faults, of which $survived ended no run"
}

clock() {
  local experiment k
  for experiment in agent.yaml model.yaml; do
    whole $experiment || continue
    for k in 3600 -3600 86400 -1700000000; do
      rm -rf jumped
      if ! ATELIER_FAULTS_CLOCK=$k LD_PRELOAD=$bin/libtests_faults.so atelier run $experiment --quiet --out jumped >said 2>&1; then
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
  local k won=0 lost=0 code
  rm -rf one
  for ((k = 0; k < 20; ++k)); do
    { atelier run agent.yaml train.steps=1000 --quiet --force --out one >out-$k 2>&1; echo $? >code-$k; } &
  done
  wait
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
