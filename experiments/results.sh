#!/usr/bin/env bash
# experiments/results.sh RUNS [NAME...]: runs every shipped experiment that has a target, or those named, into RUNS/NAME/0 and 100, and
# writes the tables of what they reached (results.md in each folder of experiments/). It goes on where it was stopped: a finished
# seed is kept, a stopped one resumed. A row takes 10 seeds where its first took under 2 CPU minutes, 3 where it took under an hour,
# else 1; SECOND=1: those from 100 on, too, where there are 10. JOBS=N: so many seeds at once, 1.
# ATELIER=PROGRAM: another one than ./atelier.
# All of it takes days of a core. Exit 1 where a run failed.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
runs=$(realpath -m "${1:?a folder for the runs}")
shift
failed=0
export atelier=${ATELIER:-./atelier}

file_of() { # file_of NAME: its file, where it has a target
  local file
  file=$(find experiments -name "$1.yaml" | head -n 1)
  [[ $file ]] && grep -q '^target:' "$file" && echo "$file"
}

seed() { # seed FILE FOLDER N: that seed to its end
  local run=$2/seed-$3
  if [[ ! -e $run/run.h5 ]]; then
    "$atelier" run "$1" seed="$3" --quiet --out "$run" > /dev/null
  elif [[ $(told "$run") != *' finished '* ]]; then
    "$atelier" run --resume "$run" --quiet > /dev/null
  fi
}

told() { # told RUN: its row of the report, by which its status and CPU time are known
  "$atelier" report "$1" 2>/dev/null | sed -n 3p
}

cpu_s() { # cpu_s RUN: seconds, which the row ends with as "7.3 s", "1:09" or "1:00:30"
  told "$1" | awk '{ if ($NF == "s") { print $(NF - 1); exit } n = split($NF, part, ":"); s = 0
    for (k = 1; k <= n; ++k) s = 60 * s + part[k]; print s }'
}

seeds() { # seeds RUN: how many a row takes whose first seed that was
  awk -v s="$(cpu_s "$1")" 'BEGIN { print s < 120 ? 10 : s < 3600 ? 3 : 1 }'
}

row() { # row NAME
  local n file folder=$runs/$1
  file=$(file_of "$1") || { echo "$1: no experiment here that has a target" >&2; return 1; }
  seed "$file" "$folder/0" 0 || return 1
  n=$(seeds "$folder/0/seed-0")
  for ((k = 1; k < n; ++k)); do echo "$file" "$folder/0" "$k"; done
  [[ ${SECOND-} != 1 ]] || ((n < 10)) || for k in {100..109}; do echo "$file" "$folder/100" "$k"; done
}

export -f seed told
export OMP_WAIT_POLICY=passive
names=("$@")
((${#names[@]})) || mapfile -t names < <(grep -rl '^target:' experiments --include='*.yaml' | sed 's|.*/||; s|\.yaml$||' | sort)
for name in "${names[@]}"; do
  rest=$(row "$name") || { failed=1; continue; }
  [[ -z $rest ]] || xargs -P "${JOBS:-1}" -L 1 bash -c 'seed "$@"' seed <<<"$rest" || { echo "$name: a seed failed" >&2; failed=1; }
done
"$atelier" results "${names[@]/#/$runs/}" --out experiments > /dev/null || failed=1
exit $failed
