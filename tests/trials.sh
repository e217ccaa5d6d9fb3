#!/usr/bin/env bash
# tests/trials.sh [LEARNER...]: every learner's trial by programs whose own code is built with the address and undefined-behaviour
# sanitizers (preset trials; LibTorch and the other libraries as they are): half of the run, the other half as a resume, `eval`,
# and of a model `sample`; then its families that the trial leaves out. Prints a line for each; exit 1 where a sanitizer reports or
# a command fails. The build takes half an hour of a core. JOBS=N: that many compilers, 1.
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

variants() { # "NAME OPTION=VALUE...": what a learner's trial leaves out of its families, losses and priors
  printf 'flow flow.family=%s\n' planar radial glow iaf maf continuous
  printf 'flow flow.coupling=%s\n' additive affine
  echo 'flow flow.family=continuous flow.continuous.trace=hutchinson'
  printf 'vae vae.likelihood=%s\n' 'continuous_bernoulli vae.binarise=none' 'discretised_logistic vae.binarise=none' \
    'gaussian vae.binarise=none'
  printf 'vae vae.prior=%s\n' flow vamp
  echo 'vae vae.condition=class vae.free_bits=0.1 vae.warm_up=0.5'
  echo 'vae vae.importance_samples=5'
  echo 'vae net.channels=[4,8]'
  printf 'gan gan.loss=%s\n' minimax least_squares wgan_clip wgan_gp
  echo 'gan gan.condition=class gan.spectral_norm=true gan.gradient_penalty=0'
  echo 'pixel_cnn pixel_cnn.gated=false'
  echo 'ensemble net.norm=batch net.dropout=0.1 ensemble.label_smoothing=0.1'
}

trial() { # trial NAME KIND STEPS [OPTION=VALUE...]
  local name=$1 kind=$2 steps=$3 begun=$SECONDS before=$commands n
  local run=$name-$learners
  shift 3
  try run "$name.yaml" train.steps=$((steps / 2)) "$@" --quiet --out "$run"
  try run --resume "$run" train.steps="$steps" --quiet
  if [[ $kind == agent ]]; then
    try eval "$run" --episodes 3
  else
    try eval "$run"
    try sample "$run"
  fi
  n=$(found)
  learners=$((learners + 1)) reports=$((reports + n))
  echo "$name${*:+ $*}: $((commands - before)) commands, $n reports, $((SECONDS - begun)) s"
}

reports=$(found) # of `atelier-torch tables`, at the end of the build
trials >table
while read -r name kind steps <&3; do
  (($# == 0)) || [[ " $* " == *" $name "* ]] || continue
  trial "$name" "$kind" "$steps"
  while read -r -a options <&4; do
    [[ ${options[0]} != "$name" ]] || trial "$name" "$kind" "$steps" "${options[@]:1}"
  done 4< <(variants)
done 3<table
echo "$learners trials, $commands commands, $failed failed; $reports reports"
((learners > 0 && failed == 0 && reports == 0))
