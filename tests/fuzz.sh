#!/usr/bin/env bash
# tests/fuzz.sh HOURS [TARGET...]: clang's libFuzzer on readers of files from strangers, one after the other, each for
# an equal share of the hours; with RUNS=N in the environment each for N executions at most. What it learns stays in
# build/fuzz/corpus/TARGET, what it finds in build/fuzz/found/TARGET; a death within libhdf5 is counted apart and kept in
# build/fuzz/found/libhdf5. It starts from the target's own seeds and from the shipped files of its kind. TIMEOUT=S: seconds that
# a file may take, 5; more where the machine is busy. LONGEST=N: bytes of a file at most; short ones go by faster. JOBS=N: that
# many compilers, 1. Prints a line for each target. Exit: 1 where a fault of ours was found.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=build/fuzz program=build/fuzz/bin/fuzz
hours=${1:?the hours}
shift
command -v clang++ >/dev/null || { echo 'clang++ is missing (Debian: clang)' >&2; exit 3; }
cmake --preset fuzz >/dev/null && ninja -C $build -j "${JOBS:-1}" fuzz | grep -E '^FAILED|error:|ninja:' || exit 1
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(ATELIER_FUZZ=list $program 2>&1 | sed -n 's/.*there are: //p' | tr ' ' '\n')
share=$(awk "BEGIN { print int($hours * 3600 / ${#targets[@]} + 0.5) }")
export HDF5_USE_FILE_LOCKING=FALSE UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 LSAN_OPTIONS=suppressions=$PWD/tests/fuzz/others.supp:print_suppressions=0
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:max_allocation_size_mb=512:suppressions=$PWD/tests/fuzz/asan.supp
export ASAN_SYMBOLIZER_PATH
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer || command -v llvm-symbolizer-14)
ours=0

whose() { # whose LOG: the module in which it died, by the first frame that is no sanitizer's and not libc's
  awk '/^ *#[0-9]+ / && !/compiler-rt|libc\.so|sysdeps|__asan|__interceptor|__sanitizer|__lsan|libstdc|fuzzer::|MemcmpInterceptor|operator new| in (malloc|calloc|realloc|free|memcpy|memmove|memset|memcmp|strlen|strdup) / { print; exit }' "$1" |
    grep -q libhdf5 && echo libhdf5 || echo ours
}

shipped() { # shipped TARGET: files of its kind that lie here, of 4,000 bytes at most
  case $1 in
    experiment | sweep | override) find experiments -name '*.yaml' -size -8 ;;
    csv | actions) find tests/golden -name '*.csv' -size -8 ;;
    text) find docs -name '*.md' -size -8 ;;
  esac
}

once() { # once TARGET SECONDS RUNS SEED: until something is found; its executions
  local longest target=$1 found=$build/found/$1 log=$build/log
  mkdir -p "$found" "$build/corpus/$target" "$build/shipped/$target" "$build/found/libhdf5"
  shipped "$target" | xargs -r cp -t "$build/shipped/$target"
  ATELIER_FUZZ=$target ATELIER_FUZZ_SEEDS=$build/seeds/$target $program -runs=0 >$log 2>&1
  longest=$(find "$build/seeds/$target" -type f -printf '%s\n' | sort -n | tail -1)
  ATELIER_FUZZ=$target $program -seed="$4" -runs="$3" -max_total_time="$2" \
    -timeout="${TIMEOUT:-5}" -rss_limit_mb=1024 -malloc_limit_mb=1000000 -max_len="${LONGEST:-$((longest < 4000 ? 4000 : longest + 64))}" -print_final_stats=1 \
    -artifact_prefix="$found/$target-" "$build/corpus/$target" "$build/seeds/$target" "$build/shipped/$target" >$log 2>&1
  local code=$? artifact
  executions=$(awk '/stat::number_of_executed_units/ { print $2 }' $log)
  executions=${executions:-0}
  ((code == 0)) && return
  artifact=$(sed -n 's/.*Test unit written to //p' $log | tail -1)
  if [[ $(whose $log) == libhdf5 ]]; then
    theirs=$((theirs + 1))
    [[ $artifact ]] && mv "$artifact" $build/found/libhdf5/ && cp $log "$build/found/libhdf5/$(basename "$artifact").log"
  else
    finds=$((finds + 1))
    cp $log "${artifact:-$found/$target-$RANDOM}.log"
  fi
}

for target in "${targets[@]}"; do
  begun=$SECONDS total=0 finds=0 theirs=0 seed=${SEED:-1}
  while ((SECONDS - begun < share && total < ${RUNS:-1000000000} && finds < 20)); do
    once "$target" $((share - SECONDS + begun)) $((${RUNS:-1000000000} - total)) $((seed++))
    total=$((total + executions))
    ((executions > 0)) || sleep 1
  done
  printf '%-12s %10d executions in %5d s: %d faults of ours, %d deaths within libhdf5\n' "$target" $total $((SECONDS - begun)) $finds $theirs |
    tee -a $build/summary
  ours=$((ours + finds))
done
((ours == 0))
