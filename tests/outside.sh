#!/usr/bin/env bash
# By hand: installs what is built and builds the projects of examples/ against it, as a stranger would, each outside of the
# repository; then trains, resumes and describes what they bring. Minutes, since they share no precompiled header with the build.
#   tests/outside.sh [BUILD]      default build/release
set -euo pipefail
home=$(dirname "$(dirname "$(readlink -f "$0")")")
build=$(readlink -m "${1:-$home/build/release}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/atelier" >"$scratch/install.log"
for example in outpost windy_cartpole; do
  cp -r "$home/examples/$example" "$scratch/$example"
  cmake -G Ninja -S "$scratch/$example" -B "$scratch/$example/build" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$scratch/atelier" >"$scratch/configure.log" || { cat "$scratch/configure.log"; exit 1; }
  cmake --build "$scratch/$example/build"
done
cd "$scratch/outpost"
outpost=build/outpost
"$outpost" list models | grep -q '^random_features' && "$outpost" list envs | grep -q '^Parking-v0'
"$outpost" describe spirals | grep -q data.turns
"$outpost" run spirals.yaml --quiet --out run train.steps=100
"$outpost" run spirals.yaml --quiet --out seeds --seeds 2 train.steps=100
"$outpost" run --resume run --quiet train.steps=200
"$outpost" eval run
"$scratch/atelier/bin/atelier" run smoke --quiet --out "$scratch/smoke"
"$scratch/windy_cartpole/build/windy_cartpole" "$scratch/smoke/best.h5"
echo "outside of the house: ok"
