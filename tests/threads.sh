#!/usr/bin/env bash
# tests/threads.sh [CASES]: the LibTorch-free tests under clang's thread sanitizer. g++'s OpenMP is not built for it, so that every
# parallel loop would be reported; LLVM's tells it, through its tool archer, who waits for whom. First come two races that are
# meant (tests/envs/races.cpp): they must be reported. Prints the cases and the races; exit 1 where a case fails or a race is
# reported, 3 where a package is missing. THREADS=N: of a parallel loop, 2. JOBS=N: that many compilers, 1.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
build=build/tsan program=$PWD/build/tsan/bin/tests_plain reports=$PWD/build/tsan/reports
command -v clang++ >/dev/null || { echo 'clang++ is missing (Debian: clang)' >&2; exit 3; }
llvm=$(dirname "$(dirname "$(readlink -f "$(command -v clang++)")")")
[[ -e $llvm/lib/libarcher.so ]] || { echo "$llvm/lib/libarcher.so is missing (Debian: libomp-dev)" >&2; exit 3; }
cmake --preset tsan >/dev/null && ninja -C $build -j "${JOBS:-1}" tests_plain | grep -E '^FAILED|error:|ninja:' || exit 1

export ATELIER_HOME=$PWD OMP_NUM_THREADS=${THREADS:-2} OMP_WAIT_POLICY=passive OMP_TOOL_LIBRARIES=$llvm/lib/libarcher.so
# Libraries that are not built for it are taken at their word; what our own code does in what they call is watched.
export TSAN_OPTIONS="ignore_noninstrumented_modules=1:die_after_fork=0:log_path=$reports/race:external_symbolizer_path=$llvm/bin/llvm-symbolizer"

watched() { # watched CASES...: what is reported lies in $reports
  rm -rf "$reports" && mkdir "$reports"
  "$program" "$@"
}

races() { # of all processes
  cat "$reports"/* 2>/dev/null | grep -c '^WARNING: ThreadSanitizer'
}

for meant in 'two threads race on purpose' 'a parallel loop races on purpose'; do
  watched "$meant" >$build/said
  (($(races) > 0)) || { echo "asleep: \"$meant\" is not reported" >&2; exit 1; }
done

watched "$@" | tee $build/said
code=${PIPESTATUS[0]}
cat "$reports"/* 2>/dev/null
cases=$(sed -nE 's/.* in ([0-9]+) test cases?\)?$/\1/p; s/^test cases: +([0-9]+) .*/\1/p' $build/said | tail -1)
echo "${cases:-0} cases by $OMP_NUM_THREADS threads: $(races) races"
((code == 0 && ${cases:-0} > 0 && $(races) == 0))
