#!/usr/bin/env bash
# tests/trials.sh [LEARNER...]: every learner's trial by programs whose own code is built with the address and undefined-behaviour
# sanitizers (preset trials; LibTorch and the other libraries as they are): half of the run, the other half as a resume, `eval`,
# and of a model `sample`. Prints a line for each learner; exit 1 where a sanitizer reports or a command fails. The build takes
# half an hour of a core. JOBS=N: that many compilers, 1.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
bin=$PWD/build/trials/bin scratch=$(readlink -f "$(mktemp -d)")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/reports"
export ATELIER_HOME=$PWD OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=2000 PATH=$bin:$PATH
export ASAN_OPTIONS="detect_leaks=1:log_path=$scratch/reports/report"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:log_path=$scratch/reports/report"
export LSAN_OPTIONS="suppressions=$PWD/tests/trials.supp:print_suppressions=0"
cmake --preset trials >/dev/null && ninja -C build/trials -j "${JOBS:-1}" atelier tables | grep -E '^FAILED|error:|ninja:' || exit 1
nm "$bin/atelier-torch" | grep -c ' __asan_report_load' >/dev/null || { echo 'atelier-torch is built without the sanitizers' >&2; exit 1; }
cd "$scratch" || exit 1
learners=0 commands=0 reports=0 failed=0

trials() { # "NAME KIND STEPS" of every learner in the tables, its trial into NAME.yaml
  python3 - "$bin/tables.json" <<'PY'
import json, re, sys
tables = json.load(open(sys.argv[1]))
for entry in tables["agents"] + tables["models"]:
    open(entry["name"] + ".yaml", "w").write(entry["trial"] + "\n")
    print(entry["name"], entry["kind"], re.search(r"train: \{steps: (\d+)", entry["trial"])[1])
PY
}

found() { # how many reports lie there, of all processes; they are shown and put away
  local n
  n=$(cat reports/* 2>/dev/null | grep -cE 'ERROR: (Address|Leak)Sanitizer|runtime error:')
  ((n == 0)) || cat reports/* | head -n 60 >&2
  rm -f reports/*
  echo "$n"
}

try() { # try WORD...: a command of the learner at hand
  commands=$((commands + 1))
  atelier "$@" >said 2>&1 && return
  failed=$((failed + 1))
  echo "FAILED  atelier $*"
  tail -n 12 said | sed 's/^/        | /'
}

reports=$(found) # of `atelier-torch tables`, at the end of the build
while read -r name kind steps <&3; do
  (($# == 0)) || [[ " $* " == *" $name "* ]] || continue
  begun=$SECONDS before=$commands
  try run "$name.yaml" train.steps=$((steps / 2)) --quiet --out "$name"
  try run --resume "$name" train.steps="$steps" --quiet
  if [[ $kind == agent ]]; then
    try eval "$name" --episodes 3
  else
    try eval "$name"
    try sample "$name"
  fi
  n=$(found)
  learners=$((learners + 1)) reports=$((reports + n))
  echo "$name: $((commands - before)) commands, $n reports, $((SECONDS - begun)) s"
done 3< <(trials)
echo "$learners learners, $commands commands, $failed failed; $reports reports"
((learners > 0 && failed == 0 && reports == 0))
