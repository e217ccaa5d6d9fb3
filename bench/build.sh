#!/usr/bin/env bash
# What a build costs, as multiples of a file with one line, #include <torch/torch.h>, compiled alike: the programs, the tests, one
# more learner (its unit and that of its tests, with it and without; one of each wing and their mean, or the one named), one more
# environment. CPU seconds, no compiler cache.
#   bench/build.sh [--margins] [--once] [--learner agents/value/dqn:dqn] [--build DIR]     source:tests; --margins: no whole builds;
# --once: no compilation is repeated for the least of its costs, which halves the time and is good to a third.
set -euo pipefail
shopt -s inherit_errexit # a compilation that fails ends the program, wherever it was asked for

home=$(dirname "$(dirname "$(readlink -f "$0")")")
build='' whole=1 runs=2 env_runs=5 # runs of each compilation that is compared; an environment's difference is small
learners=(agents/value/dqn:dqn generative/autoencoders/vae:vae supervised/sequence/lstm:language_models)
while (($#)); do
  case $1 in
    --margins) whole='' ;;
    --once) runs=1 env_runs=1 ;;
    --learner) learners=("$2"); shift ;;
    --build) build=$(readlink -m "$2"); shift ;;
    *) sed -n '2,6s/^# *//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CCACHE_DISABLE=1

cpu() { # cpu COMMAND...: its CPU seconds
  local TIMEFORMAT='%U %S' log
  log=$(mktemp -p "$scratch")
  { time "$@" >"$log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
  ((PIPESTATUS[0] == 0)) || { tail -n 20 "$log" >&2; exit 1; }
}
least() { # the smallest of some runs: the noise of a busy machine only adds
  local run costs=()
  for ((run = 0; run < runs; ++run)); do costs+=("$(cpu "$@")"); done
  printf '%s\n' "${costs[@]}" | sort -g | head -n 1
}
ratio() { awk -v cost="$2" -v one="$unit" -v goal="$3" -v what="$1" \
  'BEGIN { printf "%-68s %8.1f CPU s %8.2f times (goal %s)\n", what, cost, cost / one, goal }'; }

command_of() { # command_of OBJECT: how ninja compiles it
  ninja -C "$build" -t commands "$1" | tail -n 1
}
compile() { (cd "$build" && eval "$1"); }
instead() { # instead COMMAND SOURCE: the same of another source, into nowhere
  local object
  object=$(mktemp -p "$scratch")
  sed -E "s| -o [^ ]+ -c .*| -o $object -c $2|; s| -MF [^ ]+| -MF $object.d|" <<<"$1"
}
difference() { # difference COMMAND WITH WITHOUT: what compiling one source costs more than the other, both at once
  local with=$scratch/with.cost without=$scratch/without.cost
  least compile "$(instead "$1" "$2")" >"$with" &
  least compile "$(instead "$1" "$3")" >"$without"
  wait $!
  awk '{ cost[NR] = $1 } END { print (cost[1] > cost[2] ? cost[1] - cost[2] : 0) }' "$with" "$without"
}

configure() {
  cmake -S "$home" --preset release -B "$build" -DATELIER_TESTS=ON -DATELIER_WERROR="${ATELIER_WERROR:-OFF}" >"$scratch/configure.log"
}
one_include() { # what everything is measured by
  echo '#include <torch/torch.h>' >"$scratch/unit.cpp"
  compile "$(instead "$torch_command" "$scratch/unit.cpp" | sed -E 's| -include [^ ]+||; s| -Winvalid-pch||')"
}
margin() { # margin UNIT PATTERN: what the sources that match add to a unit
  local without
  without=$(mktemp -p "$scratch" --suffix .cpp)
  grep -v "$2" "$1" >"$without"
  difference "$(command_of "$(object_of "$1")")" "$1" "$without"
}

build=${build:-$scratch/build}
[[ -e $build/build.ninja ]] || configure
unit_with() { # unit_with TARGET SOURCE: the unit that includes it
  grep -l "/$2\"" "$build/units/$1"/*.cpp
}
object_of() { # object_of UNIT: its object, as ninja names it
  local target
  target=$(basename "$(dirname "$1")")
  echo "${target/tests_*/tests}/CMakeFiles/$target.dir/__/units/$target/$(basename "$1").o"
}
learner_cost() { # learner_cost SOURCE:TESTS
  local source=${1%%:*}.cpp tests=tests/${1%%/*}/${1##*:}.cpp own its
  own=$(margin "$(unit_with "${source%%/*}" "${source#*/}")" "/${source#*/}")
  its=$(margin "$(unit_with tests_torch "${tests#tests/}")" "/${tests#tests/}")
  awk -v own="$own" -v its="$its" 'BEGIN { print own + its }'
}
torch_command=$(command_of "$(object_of "$(unit_with agents value/dqn.cpp)")")
unit=$(least one_include)
echo "one file with #include <torch/torch.h>: $unit CPU s"
if [[ $whole ]]; then
  cost=$(cpu ninja -C "$build" -j 2 programs)
  ratio 'the programs' "$cost" '<= 35'
  cost=$(cpu ninja -C "$build" -j 2 all)
  ratio 'the tests, more' "$cost" '<= 20'
fi
mapfile -t headers < <(ninja -C "$build" -t targets all | sed -n 's/\(.*\.gch\):.*/\1/p')
ninja -C "$build" -j 2 "${headers[@]}" >"$scratch/log" # precompiled, whose cost is not a learner's
sum=0
for learner in "${learners[@]}"; do
  cost=$(learner_cost "$learner")
  ratio "one more learner (${learner%%:*}) and its tests" "$cost" '<= 0.1'
  sum=$(awk -v sum="$sum" -v cost="$cost" 'BEGIN { print sum + cost }')
done
((${#learners[@]} == 1)) ||
  ratio "one more learner, their mean" "$(awk -v sum="$sum" -v n=${#learners[@]} 'BEGIN { print sum / n }')" '<= 0.1'

cp "$home/envs/classic_control/all.cpp" "$scratch/with.cpp"
sed '/mountain_car\.h/d; /batched<MountainCar>(/,/}),$/d' "$scratch/with.cpp" >"$scratch/fewer.cpp"
envs=$(command_of "$(object_of "$(unit_with envs classic_control/all.cpp)")")
runs=$env_runs
cost=$(difference "$envs" "$scratch/with.cpp" "$scratch/fewer.cpp")
ratio 'one more environment (MountainCar-v0)' "$cost" '<= 0.03'
